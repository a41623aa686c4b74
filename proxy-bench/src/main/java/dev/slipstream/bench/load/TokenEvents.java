package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.sse.SseListener;
import dev.slipstream.codec.sse.SseScanner;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Looks into the events of a stream, of either dialect: which have content, which is the last, which tells an error. Reused
 * for one stream after the other; confined to its loop.
 *
 * <p>An event has content where a member named {@code content}, {@code reasoning_content}, {@code text}, {@code thinking},
 * {@code arguments} or {@code partial_json} is a string that is not empty. A quoted name cannot stand inside a string
 * (its quotes would be escaped), so looking for the bytes is enough.
 */
public final class TokenEvents implements SseListener {
    /** What is beyond is not looked at. */
    private static final int MAX_EVENT_BYTES = 64 * 1024;

    private static final byte[][] NAMES = {
        "\"content\"".getBytes(US_ASCII),
        "\"text\"".getBytes(US_ASCII),
        "\"reasoning_content\"".getBytes(US_ASCII),
        "\"thinking\"".getBytes(US_ASCII),
        "\"arguments\"".getBytes(US_ASCII),
        "\"partial_json\"".getBytes(US_ASCII)
    };
    private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);
    private static final byte[] MESSAGE_STOP = "message_stop".getBytes(US_ASCII);
    private static final byte[] ERROR = "error".getBytes(US_ASCII);
    private static final byte[] ERROR_BODY = "{\"error\"".getBytes(US_ASCII);

    private final SseScanner scanner = new SseScanner();
    private byte[] gathered = new byte[1024];
    private int length;
    private int tokens;
    private boolean ended;
    private boolean failed;

    public void reset() {
        scanner.reset();
        length = 0;
        tokens = 0;
        ended = false;
        failed = false;
    }

    /**
     * Borrows the next {@code count} bytes.
     *
     * @return how many events with content ended in them
     */
    public int feed(ByteBuf in, int count, byte[] scratch) {
        tokens = 0;
        int at = in.readerIndex();
        for (int left = count; left > 0; ) {
            int step = Math.min(left, scratch.length);
            in.getBytes(at, scratch, 0, step);
            scanner.feed(scratch, 0, step, this);
            at += step;
            left -= step;
        }
        return tokens;
    }

    /** Whether the dialect's last event was there. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether an event told an error. */
    public boolean isFailed() {
        return failed;
    }

    @Override
    public void data(byte[] bytes, int from, int to, boolean whole) {
        int take = Math.min(to - from, MAX_EVENT_BYTES - length);
        if (gathered.length < length + take) {
            gathered = Arrays.copyOf(gathered, Math.max(gathered.length * 2, length + take));
        }
        System.arraycopy(bytes, from, gathered, length, take);
        length += take;
    }

    @Override
    public void eventEnd(boolean hasData, long position) {
        if (startsWith(DONE) || scanner.nameIs(MESSAGE_STOP)) {
            ended = true;
        } else if (scanner.nameIs(ERROR) || startsWith(ERROR_BODY)) {
            failed = true;
        } else if (hasContent()) {
            tokens++;
        }
        length = 0;
    }

    private boolean startsWith(byte[] wanted) {
        return length >= wanted.length && Arrays.equals(gathered, 0, wanted.length, wanted, 0, wanted.length);
    }

    private boolean hasContent() {
        for (int i = 0; i < length; i++) {
            if (gathered[i] == '"') {
                for (byte[] name : NAMES) {
                    if (i + name.length < length
                            && Arrays.equals(gathered, i, i + name.length, name, 0, name.length)
                            && textFollows(i + name.length)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean textFollows(int from) {
        int i = skipSpace(from);
        if (i >= length || gathered[i] != ':') {
            return false;
        }
        i = skipSpace(i + 1);
        return i + 1 < length && gathered[i] == '"' && gathered[i + 1] != '"';
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < length && gathered[i] == ' ') {
            i++;
        }
        return i;
    }
}
