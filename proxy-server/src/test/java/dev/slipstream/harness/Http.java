package dev.slipstream.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An HTTP/1.1 message as a test sees it: read by a few lines of its own that share nothing with the code under test.
 *
 * @param rest what stands behind the message
 */
@SuppressWarnings("ArrayRecordComponent")
public record Http(String startLine, Map<String, String> fields, byte[] body, boolean complete, byte[] rest) {
    /** Reads the first message of {@code bytes}; fails if its head is not complete. */
    public static Http read(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            throw new AssertionError("no complete head in: " + text);
        }
        String[] lines = text.substring(0, headEnd).split("\r\n", -1);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(": ");
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            if (fields.put(name, lines[i].substring(colon + 2)) != null) {
                throw new AssertionError("twice in one head: " + name);
            }
        }
        int from = headEnd + 4;
        String length = fields.get("content-length");
        String coding = fields.get("transfer-encoding");
        if (length != null && coding != null) {
            throw new AssertionError("framed twice: " + text);
        }
        if (coding != null) {
            return chunked(lines[0], fields, text, from);
        }
        int declared =
                length == null ? (lines[0].startsWith("HTTP/") ? bytes.length - from : 0) : Integer.parseInt(length);
        int there = Math.min(declared, bytes.length - from);
        return new Http(
                lines[0],
                fields,
                text.substring(from, from + there).getBytes(ISO_8859_1),
                there == declared,
                text.substring(from + there).getBytes(ISO_8859_1));
    }

    private static Http chunked(String startLine, Map<String, String> fields, String text, int from) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = from;
        while (true) {
            int line = text.indexOf("\r\n", at);
            if (line < 0) {
                return new Http(startLine, fields, body.toByteArray(), false, new byte[0]);
            }
            int size = Integer.parseInt(text.substring(at, line), 16);
            at = line + 2;
            if (size == 0) {
                if (!text.startsWith("\r\n", at)) {
                    throw new AssertionError("no end behind the last chunk: " + text.substring(at));
                }
                byte[] rest = text.substring(at + 2).getBytes(ISO_8859_1);
                return new Http(startLine, fields, body.toByteArray(), true, rest);
            }
            if (at + size + 2 > text.length()) {
                body.writeBytes(
                        text.substring(at, Math.min(text.length(), at + size)).getBytes(ISO_8859_1));
                return new Http(startLine, fields, body.toByteArray(), false, new byte[0]);
            }
            body.writeBytes(text.substring(at, at + size).getBytes(ISO_8859_1));
            if (!text.startsWith("\r\n", at + size)) {
                throw new AssertionError("no CRLF behind a chunk of " + size);
            }
            at += size + 2;
        }
    }

    public int status() {
        return Integer.parseInt(startLine.split(" ")[1]);
    }

    public String text() {
        return new String(body, ISO_8859_1);
    }

    /** The value of a field, empty where there is none. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }
}
