package dev.slipstream.bench.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 by the letter of RFC 9112, and nothing that is not. Has nothing in common with the proxy's own parser.
 * Keeps every byte it read.
 */
final class StrictReader {
    private static final int MAX_LINE = 1 << 20;

    private final InputStream in;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private int slowBytes;
    private long slowUntilNanos;

    StrictReader(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** Reads {@code bytes} at a time, with pauses between, until {@code nanos} have passed. */
    void slowDown(int bytes, long nanos) {
        slowBytes = bytes;
        slowUntilNanos = System.nanoTime() + nanos;
    }

    /** Every byte that was read, one char each. */
    String all() {
        return all.toString(ISO_8859_1);
    }

    /** Waits for a byte, which stays unread; whether there is one. */
    boolean hasMore() throws IOException {
        in.mark(1);
        boolean more = in.read() >= 0;
        in.reset();
        return more;
    }

    /** Whether bytes are here that nobody read. */
    boolean hasUnread() throws IOException {
        return in.available() > 0;
    }

    private int read() throws IOException {
        int b = in.read();
        if (b >= 0) {
            all.write(b);
        }
        return b;
    }

    /** A line without its CRLF; null where the bytes end. */
    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = read();
            if (b < 0) {
                return null;
            }
            if (b == '\r') {
                int next = read();
                if (next < 0) {
                    return null;
                }
                if (next != '\n') {
                    throw new Malformed("a bare CR");
                }
                return line.toString();
            }
            if (b == '\n') {
                throw new Malformed("a bare LF");
            }
            if ((b < 0x20 && b != '\t') || b == 0x7f) {
                throw new Malformed("control character " + b + " behind: " + line);
            }
            if (line.length() == MAX_LINE) {
                throw new Malformed("a line without an end");
            }
            line.append((char) b);
        }
    }

    /** A head with an empty body; null where the bytes end before it does. */
    @Nullable
    Message head() throws IOException {
        String start = line();
        if (start == null) {
            return null;
        }
        List<Message.Field> fields = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                return checked(new Message(start, fields, "", false));
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || !line.substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                throw new Malformed("not a field: " + line);
            }
            fields.add(new Message.Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return null;
    }

    private static Message checked(Message head) throws Malformed {
        for (String once : List.of("content-length", "transfer-encoding", "host", "content-type", "authorization")) {
            if (head.count(once) > 1) {
                throw new Malformed("twice: " + once);
            }
        }
        String coding = head.field("transfer-encoding");
        String length = head.field("content-length");
        if (coding != null && length != null) {
            throw new Malformed("both framings");
        }
        if (coding != null && !coding.equals("chunked")) {
            throw new Malformed("transfer-encoding: " + coding);
        }
        if (length != null && !length.matches("0|[1-9][0-9]{0,17}")) {
            throw new Malformed("content-length: " + length);
        }
        return head;
    }

    /** The body behind {@code head}, complete or as far as it came. */
    Message body(Message head, boolean untilClose) throws IOException {
        StringBuilder body = new StringBuilder();
        String length = head.field("content-length");
        boolean complete = false;
        try {
            if (head.field("transfer-encoding") != null) {
                complete = chunks(body);
            } else if (length != null) {
                complete = bytes(body, Long.parseLong(length));
            } else if (untilClose) {
                bytes(body, Long.MAX_VALUE);
                complete = true;
            } else {
                complete = true;
            }
        } catch (Malformed e) {
            throw e;
        } catch (IOException e) {
            // Reset, or nothing more in time: what came, came.
            return head.with(body.toString(), false);
        }
        return head.with(body.toString(), complete);
    }

    private boolean bytes(StringBuilder to, long count) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = count;
        while (left > 0) {
            if (slowBytes > 0 && System.nanoTime() - slowUntilNanos < 0) {
                buffer = new byte[slowBytes];
                LockSupport.parkNanos(10_000_000);
            }
            int got = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (got < 0) {
                return false;
            }
            all.write(buffer, 0, got);
            to.append(new String(buffer, 0, got, ISO_8859_1));
            left -= got;
        }
        return true;
    }

    private boolean chunks(StringBuilder to) throws IOException {
        while (true) {
            String line = line();
            if (line == null) {
                return false;
            }
            if (!line.toLowerCase(Locale.ROOT).matches("0|[1-9a-f][0-9a-f]{0,6}")) {
                throw new Malformed("chunk size: " + line);
            }
            int size = Integer.parseInt(line, 16);
            if (!bytes(to, size)) {
                return false;
            }
            String end = line();
            if (end == null) {
                return false;
            }
            if (!end.isEmpty()) {
                throw new Malformed("behind a chunk: " + end);
            }
            if (size == 0) {
                return true;
            }
        }
    }
}
