package dev.slipstream.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeaderName;
import java.util.SplittableRandom;

/**
 * The id of a request: the client's {@code x-request-id} if it is {@code [A-Za-z0-9._-]{1,128}}, else {@code req_} and 24
 * hex digits. It names, it does not protect: the digits are random, not secret.
 */
public final class RequestId {
    private static final int MAX_BYTES = 128;
    private static final int RANDOM_DIGITS = 24;
    /** Enough for an id of our own, and for a UUID. */
    private static final int FIRST_BYTES = 40;

    private static final byte[] PREFIX = {'r', 'e', 'q', '_'};
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final SplittableRandom random;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    RequestId(SplittableRandom random) {
        this.random = random;
    }

    void assign(FlatHead head) {
        int field = head.find(HeaderName.X_REQUEST_ID);
        if (field < 0 || !copy(head.array(), head.valueStart(field), head.valueEnd(field))) {
            generate();
        }
    }

    private boolean copy(byte[] array, int start, int end) {
        if (end == start || end - start > MAX_BYTES) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (!isAllowed(array[i])) {
                return false;
            }
        }
        if (end - start > bytes.length) {
            bytes = new byte[MAX_BYTES];
        }
        length = end - start;
        System.arraycopy(array, start, bytes, 0, length);
        return true;
    }

    private static boolean isAllowed(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '.'
                || b == '_'
                || b == '-';
    }

    private void generate() {
        System.arraycopy(PREFIX, 0, bytes, 0, PREFIX.length);
        length = PREFIX.length + RANDOM_DIGITS;
        long digits = 0;
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            if ((i & 15) == 0) {
                digits = random.nextLong();
            }
            bytes[PREFIX.length + i] = HEX[(int) digits & 15];
            digits >>>= 4;
        }
    }

    /** The id's bytes, {@link #length()} of them; not to be changed. */
    @SuppressWarnings("MutableGetter")
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    void reset() {
        length = 0;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, US_ASCII);
    }
}
