package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A large request in either dialect: a conversation of many turns, each with an image in base64. It is sent again and
 * again over one connection, each time when the answer has come.
 */
final class Conversation {
    private static final int IMAGE_BYTES = 256 * 1024;
    private static final String PNG = "iVBORw0KGgoAAAANSUhEUgAA";

    private final byte[] request;

    /** @param bytes of the body, about; the first image is as large as it must be */
    Conversation(Dialect dialect, int bytes) {
        StringBuilder body = new StringBuilder(bytes + IMAGE_BYTES);
        body.append("{\"model\":\"m\",\"max_tokens\":16,\"messages\":[");
        for (int left = bytes; left > 0; left -= IMAGE_BYTES) {
            turn(body, dialect, Math.min(left, IMAGE_BYTES));
        }
        body.append("{\"role\":\"user\",\"content\":\"[[whole]]\"}]}");
        String path = dialect == Dialect.ANTHROPIC ? "/v1/messages" : "/v1/chat/completions";
        String head = "POST " + path + " HTTP/1.1\r\nhost: bench\r\nanthropic-version: 2023-06-01\r\n"
                + "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n";
        request = (head + body).getBytes(US_ASCII);
    }

    private static void turn(StringBuilder body, Dialect dialect, int bytes) {
        body.append("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is in this picture?\"},");
        body.append(
                dialect == Dialect.ANTHROPIC
                        ? "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\""
                        : "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,");
        int from = body.length();
        while (body.length() - from < bytes) {
            body.append(PNG);
        }
        body.append("\"}}]},{\"role\":\"assistant\",\"content\":\"A boat, and \\\"no\\\" people.\"},");
    }

    /** Of one request, its head too. */
    int bytes() {
        return request.length;
    }

    /** Sends it once over {@code socket}, and reads the answer. */
    void ask(Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(request);
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] block = new byte[4096];
        while (true) {
            int read = in.read(block);
            if (read < 0) {
                throw new EOFException("no whole answer: " + answer.toString(US_ASCII));
            }
            answer.write(block, 0, read);
            String text = answer.toString(US_ASCII);
            if (!text.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("refused: " + text);
            }
            if (isWhole(text)) {
                if (!text.contains(BurstProvider.SAID)) {
                    throw new IOException("not the answer it should be: " + text);
                }
                return;
            }
        }
    }

    private static boolean isWhole(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        int length = answer.indexOf("\r\ncontent-length: ");
        if (end < 0 || length < 0) {
            return false;
        }
        int from = length + "\r\ncontent-length: ".length();
        return answer.length() - end - 4 >= Integer.parseInt(answer.substring(from, answer.indexOf('\r', from)));
    }
}
