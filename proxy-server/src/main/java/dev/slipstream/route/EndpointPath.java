package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Reads a request target into an {@link Endpoint}. Takes origin-form and absolute-form (its path alone: the authority
 * never chooses anything), with {@code /v1} absent, once or twice. A path with an escape, an empty or a dot segment is
 * no endpoint, but in a model's id, where escapes are the client's to choose.
 */
public final class EndpointPath {
    private static final byte[] V1 = "/v1".getBytes(US_ASCII);
    private static final byte[] MODEL_PREFIX = "/models/".getBytes(US_ASCII);
    private static final byte[] MESSAGES_PREFIX = "/messages".getBytes(US_ASCII);
    private static final byte[][] PATHS = {
        bytes("/chat/completions"),
        bytes("/messages"),
        bytes("/messages/count_tokens"),
        bytes("/embeddings"),
        bytes("/completions"),
        bytes("/responses"),
        bytes("/models"),
        bytes("/health"),
        bytes("/health/live"),
        bytes("/health/ready"),
        bytes("/"),
    };
    private static final Endpoint[] ENDPOINTS = {
        Endpoint.CHAT_COMPLETIONS,
        Endpoint.MESSAGES,
        Endpoint.COUNT_TOKENS,
        Endpoint.EMBEDDINGS,
        Endpoint.COMPLETIONS,
        Endpoint.RESPONSES,
        Endpoint.MODELS,
        Endpoint.HEALTH,
        Endpoint.HEALTH,
        Endpoint.READY,
        Endpoint.ROOT,
    };

    private Endpoint endpoint = Endpoint.UNKNOWN;
    private boolean underMessages;
    private int modelStart;
    private int modelEnd;
    private int queryStart;
    private int queryEnd;

    /** Reads the target in {@code bytes[start, end)}. */
    public void read(byte[] bytes, int start, int end) {
        int path = start;
        if (bytes[start] != '/') {
            path = pathOfAbsoluteForm(bytes, start, end);
        }
        int query = indexOf(bytes, '?', path, end);
        int pathEnd = query < 0 ? end : query;
        queryStart = query < 0 ? end : query + 1;
        queryEnd = end;
        int from = path;
        for (int i = 0; i < 2 && startsWithSegment(bytes, from, pathEnd, V1); i++) {
            from += V1.length;
        }
        underMessages = startsWithSegment(bytes, from, pathEnd, MESSAGES_PREFIX);
        endpoint = find(bytes, from, pathEnd);
    }

    private Endpoint find(byte[] bytes, int from, int to) {
        if (from == to) {
            // An absolute-form without a path means "/" (RFC 9112 §3.2.2); a bare /v1 is a base URL tried out.
            return Endpoint.ROOT;
        }
        for (int i = 0; i < PATHS.length; i++) {
            byte[] path = PATHS[i];
            if (Arrays.equals(bytes, from, to, path, 0, path.length)) {
                return ENDPOINTS[i];
            }
        }
        int id = from + MODEL_PREFIX.length;
        if (to > id && Arrays.equals(bytes, from, id, MODEL_PREFIX, 0, MODEL_PREFIX.length)) {
            modelStart = id;
            modelEnd = to;
            return Endpoint.MODEL;
        }
        return Endpoint.UNKNOWN;
    }

    private static int pathOfAbsoluteForm(byte[] bytes, int start, int end) {
        int authority = indexOf(bytes, ':', start, end) + 3;
        for (int i = authority; i < end; i++) {
            if (bytes[i] == '/' || bytes[i] == '?') {
                return i;
            }
        }
        return end;
    }

    private static boolean startsWithSegment(byte[] bytes, int from, int to, byte[] prefix) {
        int behind = from + prefix.length;
        return behind <= to
                && Arrays.equals(bytes, from, behind, prefix, 0, prefix.length)
                && (behind == to || bytes[behind] == '/');
    }

    private static int indexOf(byte[] bytes, int wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Whether the path lies under {@code /v1/messages}, known or not: its errors speak Anthropic's dialect. */
    public boolean isUnderMessages() {
        return underMessages;
    }

    /** {@link Endpoint#MODEL}: start of the model's id, still percent-encoded. */
    public int modelStart() {
        return modelStart;
    }

    public int modelEnd() {
        return modelEnd;
    }

    /** Start of the query, without its question mark; equals {@link #queryEnd()} where there is none. */
    public int queryStart() {
        return queryStart;
    }

    public int queryEnd() {
        return queryEnd;
    }

    public void reset() {
        endpoint = Endpoint.UNKNOWN;
        underMessages = false;
        modelStart = 0;
        modelEnd = 0;
        queryStart = 0;
        queryEnd = 0;
    }
}
