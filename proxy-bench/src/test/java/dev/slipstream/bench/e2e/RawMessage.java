package dev.slipstream.bench.e2e;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 message as it stood on the wire, read by the letter, without a library that might mend it. */
final class RawMessage {
    /** The name is in lower case. */
    record Field(String name, String value) {}

    private final String startLine;
    private final List<Field> fields;
    private final byte[] body;

    private RawMessage(String startLine, List<Field> fields, byte[] body) {
        this.startLine = startLine;
        this.fields = fields;
        this.body = body;
    }

    String startLine() {
        return startLine;
    }

    /** In the order of the wire. */
    List<Field> fields() {
        return fields;
    }

    /** Without its framing. */
    byte[] body() {
        return body.clone();
    }

    int status() {
        return Integer.parseInt(startLine.split(" ", -1)[1]);
    }

    @Nullable
    String field(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field.value();
            }
        }
        return null;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * Reads one message.
     *
     * @param bodyless the answer to HEAD
     */
    static RawMessage read(InputStream in, boolean bodyless) throws IOException {
        String start = line(in);
        List<Field> fields = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("no field: " + line);
            }
            fields.add(new Field(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip()));
        }
        RawMessage head = new RawMessage(start, List.copyOf(fields), new byte[0]);
        return bodyless ? head : new RawMessage(start, head.fields, body(in, head));
    }

    private static byte[] body(InputStream in, RawMessage head) throws IOException {
        String length = head.field("content-length");
        if ("chunked".equals(head.field("transfer-encoding"))) {
            if (length != null) {
                throw new IOException("both framings: " + head.fields);
            }
            return chunked(in);
        }
        if (length != null) {
            return exactly(in, Integer.parseInt(length));
        }
        return head.startLine.startsWith("HTTP/") ? in.readAllBytes() : new byte[0];
    }

    private static byte[] chunked(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(in), 16);
            if (size == 0) {
                String end = line(in);
                if (!end.isEmpty()) {
                    throw new IOException("a trailer: " + end);
                }
                return body.toByteArray();
            }
            body.write(exactly(in, size));
            if (!line(in).isEmpty()) {
                throw new IOException("no line end behind a chunk");
            }
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("ended within a head, behind: " + line);
            }
            line.append((char) c);
        }
        int last = line.length() - 1;
        if (last < 0 || line.charAt(last) != '\r') {
            throw new IOException("a bare LF ends: " + line);
        }
        return line.substring(0, last);
    }
}
