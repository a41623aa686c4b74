package dev.slipstream.bench.distance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One kind of call with one size of body. A lane has connections of its own, so that all lanes are idle at the same time
 * and no call of one makes another's connection warm: the model's name, {@code KIND-BYTES}, has to lead to a provider of its
 * own in the proxy. One thread.
 */
final class Lane implements AutoCloseable {
    private final CallKind kind;
    private final CallTarget target;
    private final byte[] body;
    private @Nullable CallConnection kept;
    private long usedNanos;

    /** @param bodyBytes of the request's body, exactly; at least 100 */
    Lane(CallKind kind, CallTarget target, int bodyBytes) {
        this.kind = kind;
        this.target = target;
        this.body = body(kind.word() + "-" + bodyBytes, bodyBytes);
    }

    private static byte[] body(String model, int bytes) {
        String before = "{\"model\":\"" + model + "\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"";
        String after = "\"}]}";
        int words = bytes - before.length() - after.length();
        if (words < 0) {
            throw new IllegalArgumentException("a body of " + bytes + " bytes is too small");
        }
        return (before + "word ".repeat(words / 5 + 1).substring(0, words) + after).getBytes(US_ASCII);
    }

    CallKind kind() {
        return kind;
    }

    int bodyBytes() {
        return body.length;
    }

    /** One call. A kept connection is opened by the first. */
    CallTimes call() throws IOException {
        if (!kind.isKept()) {
            try (CallConnection connection = CallConnection.open(target)) {
                return connection.post(body);
            }
        }
        CallTimes times = connection().post(body);
        usedNanos = System.nanoTime();
        return times;
    }

    /** A small request on the kept connection. */
    void ping() throws IOException {
        connection().getModels();
        usedNanos = System.nanoTime();
    }

    /** Since the last call or ping on the kept connection ended. */
    long quietNanos(long nowNanos) {
        return nowNanos - usedNanos;
    }

    private CallConnection connection() throws IOException {
        CallConnection connection = kept;
        if (connection == null) {
            connection = CallConnection.open(target);
            kept = connection;
        }
        return connection;
    }

    @Override
    public void close() throws IOException {
        if (kept != null) {
            kept.close();
        }
    }
}
