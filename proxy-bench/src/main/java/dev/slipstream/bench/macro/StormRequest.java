package dev.slipstream.bench.macro;

import dev.slipstream.codec.Dialect;
import java.util.SplittableRandom;

/**
 * A request of the storm to the simulated provider. Two of one {@link #shape()} are answered with the same bytes, but for
 * ids and times, whatever way they take.
 */
record StormRequest(Dialect dialect, boolean stream, int tokens, String pace, int padding) {
    private static final int[] TOKENS = {1, 16, 200};
    private static final String[] PACES = {"", "delay=1ms", "delay=5ms", "gap=200us"};
    private static final int[] PADDINGS = {0, 0, 0, 500, 20_000, 150_000};

    static StormRequest any(SplittableRandom random) {
        return new StormRequest(
                random.nextBoolean() ? Dialect.OPENAI : Dialect.ANTHROPIC,
                random.nextBoolean(),
                TOKENS[random.nextInt(TOKENS.length)],
                PACES[random.nextInt(PACES.length)],
                PADDINGS[random.nextInt(PADDINGS.length)]);
    }

    /** What its answer depends on. */
    String shape() {
        return dialect + " stream=" + stream + " tokens=" + tokens;
    }

    String path() {
        return switch (dialect) {
            case OPENAI -> "/v1/chat/completions";
            case ANTHROPIC -> "/v1/messages";
        };
    }

    String body() {
        return "{\"max_tokens\":100000,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"[[tokens=" + tokens + " input=7 " + pace + "]] "
                + "x".repeat(padding) + "\"}],\"model\":\"m\"}";
    }

    static String head(String path, String key, long length) {
        return "POST " + path + " HTTP/1.1\r\nhost: proxy\r\nauthorization: Bearer " + key
                + "\r\ncontent-type: application/json\r\ncontent-length: " + length + "\r\n\r\n";
    }

    /** Head and body. */
    String bytes(String key) {
        String body = body();
        return head(path(), key, body.length()) + body;
    }
}
