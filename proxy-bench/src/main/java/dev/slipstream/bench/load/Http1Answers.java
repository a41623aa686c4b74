package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads the answers of an HTTP/1.1 connection, one behind the other, in any split. It knows what it needs and no more: the
 * status, where the body ends, and whether the connection is kept. Confined to its loop; nothing is allocated for a
 * chunk.
 */
public final class Http1Answers {
    /** Is told what was read. */
    public interface Listener {
        void onHead(int status);

        /** Borrows {@code length} bytes of the body, from the reader index on. */
        void onBody(ByteBuf in, int length);

        /** The answer is complete; {@link Http1Answers#isKept()} tells of the connection. */
        void onEnd();
    }

    private enum State {
        HEAD,
        SIZED,
        CHUNK_SIZE,
        CHUNK_EXTENSION,
        CHUNK_DATA,
        CHUNK_DATA_END,
        TRAILER,
        UNTIL_CLOSE,
        BROKEN
    }

    private static final int MAX_HEAD_BYTES = 32 * 1024;
    /** Most heads have room in it, and thousands of connections may stand at a time. */
    private static final int FIRST_HEAD_BYTES = 1024;

    /** Chunks of at most 2^28 bytes. */
    private static final int MAX_SIZE_DIGITS = 7;

    private static final int SWITCHING = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final Listener listener;
    private byte[] head = new byte[FIRST_HEAD_BYTES];
    private State state = State.HEAD;
    private int headLength;
    private long left;
    private int digits;
    private int lineLength;
    private boolean kept;

    public Http1Answers(Listener listener) {
        this.listener = listener;
    }

    /** Whether the connection may be used for another request; holds behind an answer. */
    public boolean isKept() {
        return kept;
    }

    /**
     * Reads all of {@code in} (borrows).
     *
     * @return false: this is no HTTP; nothing can be read any more
     */
    public boolean read(ByteBuf in) {
        while (in.isReadable() && state != State.BROKEN) {
            switch (state) {
                case HEAD -> head(in);
                case SIZED, CHUNK_DATA -> sized(in);
                case CHUNK_SIZE -> chunkSize(in.readByte());
                case CHUNK_EXTENSION -> {
                    if (in.readByte() == '\n') {
                        chunkBegins();
                    }
                }
                case CHUNK_DATA_END -> {
                    if (in.readByte() == '\n') {
                        state = State.CHUNK_SIZE;
                    }
                }
                case TRAILER -> trailer(in.readByte());
                case UNTIL_CLOSE -> {
                    int length = in.readableBytes();
                    listener.onBody(in, length);
                    in.skipBytes(length);
                }
                case BROKEN -> in.skipBytes(in.readableBytes());
            }
        }
        return state != State.BROKEN;
    }

    /** The connection has ended: whether that is the end of an answer. {@link Listener#onEnd} was called then. */
    public boolean onClose() {
        if (state != State.UNTIL_CLOSE) {
            return false;
        }
        end();
        return true;
    }

    private void head(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.readByte();
            if (headLength == MAX_HEAD_BYTES) {
                state = State.BROKEN;
                return;
            }
            if (headLength == head.length) {
                head = Arrays.copyOf(head, 2 * headLength);
            }
            head[headLength++] = b;
            if (b == '\n'
                    && headLength >= 4
                    && head[headLength - 2] == '\r'
                    && head[headLength - 3] == '\n'
                    && head[headLength - 4] == '\r') {
                headEnds();
                return;
            }
        }
    }

    private void headEnds() {
        String text = new String(head, 0, headLength, ISO_8859_1);
        headLength = 0;
        if (!text.startsWith("HTTP/1.") || text.length() < 13) {
            state = State.BROKEN;
            return;
        }
        int status = 0;
        for (int i = 9; i < 12; i++) {
            status = status * 10 + Character.digit(text.charAt(i), 10);
        }
        if (status < 100 || status > 599 || status == SWITCHING) {
            state = State.BROKEN;
            return;
        }
        if (status < 200) {
            // Something comes before the answer; the answer has a head of its own.
            return;
        }
        kept = text.charAt(7) == '1';
        long length = -1;
        boolean chunked = false;
        for (int at = text.indexOf('\n') + 1; at < text.length() - 2; at = text.indexOf('\n', at) + 1) {
            int colon = text.indexOf(':', at);
            int end = text.indexOf('\r', at);
            if (colon < 0 || colon > end) {
                state = State.BROKEN;
                return;
            }
            String name = text.substring(at, colon).toLowerCase(Locale.ROOT);
            String value = text.substring(colon + 1, end).trim().toLowerCase(Locale.ROOT);
            switch (name) {
                case "content-length" -> length = number(value);
                case "transfer-encoding" -> chunked = value.endsWith("chunked");
                case "connection" -> kept = !value.contains("close") && (kept || value.contains("keep-alive"));
                default -> {}
            }
        }
        if (length == Long.MIN_VALUE) {
            state = State.BROKEN;
            return;
        }
        listener.onHead(status);
        if (status == NO_CONTENT || status == NOT_MODIFIED || (!chunked && length == 0)) {
            end();
        } else if (chunked) {
            state = State.CHUNK_SIZE;
            digits = 0;
            left = 0;
        } else if (length > 0) {
            state = State.SIZED;
            left = length;
        } else {
            state = State.UNTIL_CLOSE;
            kept = false;
        }
    }

    /** {@link Long#MIN_VALUE}: it is none. */
    private static long number(String value) {
        try {
            long number = Long.parseLong(value);
            return number < 0 ? Long.MIN_VALUE : number;
        } catch (NumberFormatException e) {
            return Long.MIN_VALUE;
        }
    }

    private void sized(ByteBuf in) {
        int length = (int) Math.min(left, in.readableBytes());
        left -= length;
        listener.onBody(in, length);
        in.skipBytes(length);
        if (left == 0) {
            if (state == State.SIZED) {
                end();
            } else {
                state = State.CHUNK_DATA_END;
                digits = 0;
            }
        }
    }

    private void chunkSize(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
            left = left * 16 + digit;
            digits++;
        } else if (digits == 0 || digit >= 0) {
            state = State.BROKEN;
        } else if (b == '\n') {
            chunkBegins();
        } else {
            state = State.CHUNK_EXTENSION;
        }
    }

    private void chunkBegins() {
        lineLength = 0;
        state = left == 0 ? State.TRAILER : State.CHUNK_DATA;
    }

    private void trailer(byte b) {
        if (b == '\n') {
            if (lineLength == 0) {
                end();
            }
            lineLength = 0;
        } else if (b != '\r') {
            lineLength++;
        }
    }

    private void end() {
        state = State.HEAD;
        listener.onEnd();
    }
}
