package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.hpack.HpackWriter;
import dev.slipstream.codec.hpack.HpackWriter.Indexing;
import dev.slipstream.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the heads of answers on one HTTP/2 connection, from a {@link ResponseHead} and not from Netty's map of strings.
 * The client's advice how large a head may be is not heeded: an answer that it refuses for its size is worth no less than
 * none.
 */
final class H2ResponseHeads implements FieldOutput, Http2HeadersEncoder, Http2HeadersEncoder.Configuration {
    /** RFC 7541 appendix A. */
    private static final int STATUS_200 = 8;

    private static final byte[] STATUS = ":status".getBytes(US_ASCII);
    private static final byte[] CONTENT_LENGTH = "content-length".getBytes(US_ASCII);
    private static final byte[] CONTINUE = "100".getBytes(US_ASCII);
    private static final int MAX_DIGITS = 20;

    private final HpackWriter hpack = new HpackWriter();
    private final ResponseFields fields = new ResponseFields();
    private final byte[] digits = new byte[MAX_DIGITS];
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private @Nullable ResponseHead next;
    private boolean withLength;
    private long maxListBytes = Long.MAX_VALUE;

    /**
     * The head that the next HEADERS frame is to carry; none: the interim answer 100. Borrowed until that is written.
     *
     * @param withLength whether it declares the body's length
     */
    void setNext(@Nullable ResponseHead head, boolean withLength) {
        next = head;
        this.withLength = withLength;
    }

    @Override
    public void encodeHeaders(int streamId, Http2Headers ignored, ByteBuf buffer) {
        hpack.begin(buffer);
        ResponseHead head = next;
        if (head == null) {
            hpack.field(buffer, STATUS, 0, STATUS.length, CONTINUE, 0, CONTINUE.length, Indexing.PASS);
            return;
        }
        if (head.status() == 200) {
            hpack.fixed(buffer, STATUS_200);
        } else {
            int start = decimal(head.status());
            hpack.field(buffer, STATUS, 0, STATUS.length, digits, start, digits.length, Indexing.KEEP);
        }
        out = buffer;
        fields.write(head, this);
        out = Unpooled.EMPTY_BUFFER;
        if (withLength) {
            int start = decimal(head.contentLength());
            hpack.field(buffer, CONTENT_LENGTH, 0, CONTENT_LENGTH.length, digits, start, digits.length, Indexing.PASS);
        }
    }

    @Override
    public void field(
            byte[] nameOf,
            int nameStart,
            int nameEnd,
            byte[] valueOf,
            int valueStart,
            int valueEnd,
            Recurrence recurrence) {
        hpack.field(
                out,
                nameOf,
                nameStart,
                nameEnd,
                valueOf,
                valueStart,
                valueEnd,
                recurrence == Recurrence.SAME ? Indexing.KEEP : Indexing.PASS);
    }

    /** Writes {@code number} to the end of {@link #digits}; gives back where it begins. */
    private int decimal(long number) {
        int at = digits.length;
        long rest = number;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        return at;
    }

    // ------------------------------------------------------------------ what the client's SETTINGS ask for

    @Override
    public Configuration configuration() {
        return this;
    }

    @Override
    public void maxHeaderTableSize(long max) {
        hpack.setMaxTableBytes(max);
    }

    @Override
    public long maxHeaderTableSize() {
        return hpack.maxTableBytes();
    }

    @Override
    public void maxHeaderListSize(long max) {
        maxListBytes = max;
    }

    @Override
    public long maxHeaderListSize() {
        return maxListBytes;
    }
}
