package dev.slipstream.bench.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;

/** What the tests say, and how they read what comes back. */
final class Chat {
    static final String PATH = "/v1/chat/completions";
    static final String DONE = "data: [DONE]\n\n";

    /** An answer that is complete. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Whole(ApiClient.Answer head, byte[] body) {
        int status() {
            return head.status();
        }

        String error() {
            return head.field("x-slipstream-error");
        }

        String text() {
            return new String(body, UTF_8);
        }

        @Override
        public String toString() {
            return status() + " " + error() + " " + text();
        }
    }

    private Chat() {}

    /** @param directives of the simulated provider */
    static byte[] request(String directives, boolean stream) {
        return request(directives, stream, 0);
    }

    /** @param padding bytes of text beside it */
    static byte[] request(String directives, boolean stream, int padding) {
        return ("{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"[["
                        + (directives.isEmpty() ? "tokens=3" : directives) + "]] grüße " + "x".repeat(padding)
                        + "\"}]}")
                .getBytes(UTF_8);
    }

    static Whole call(ApiClient client, byte[] request) throws IOException {
        client.send(PATH, request);
        return rest(client.answer());
    }

    static Whole call(ApiClient client, String directives) throws IOException {
        return call(client, request(directives, false));
    }

    /** On a connection of its own. */
    static Whole call(Setup setup, InetSocketAddress api, byte[] request) throws IOException {
        try (ApiClient client = setup.client().connect(api)) {
            return call(client, request);
        }
    }

    /** What is still to come of an answer. */
    static Whole rest(ApiClient.Answer answer) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] block = new byte[64 * 1024];
        for (int read = answer.read(block); read >= 0; read = answer.read(block)) {
            body.write(block, 0, read);
        }
        return new Whole(answer, body.toByteArray());
    }

    /** Reads until so many events are here, and no further than the read in which they came. */
    static String events(ApiClient.Answer answer, int count) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] block = new byte[1024];
        while (text.toString().split("\n\n", -1).length - 1 < count) {
            int read = answer.read(block);
            if (read < 0) {
                throw new AssertionError("ended behind: " + text);
            }
            text.append(new String(block, 0, read, UTF_8));
        }
        return text.toString();
    }
}
