package dev.slipstream.bench.upstream;

import dev.slipstream.codec.Dialect;

/** What a path asks for; any prefix may stand before the part that tells. */
enum Endpoint {
    CHAT_COMPLETIONS,
    COMPLETIONS,
    EMBEDDINGS,
    RESPONSES,
    MESSAGES,
    COUNT_TOKENS,
    MODELS,
    MODEL,
    UNKNOWN;

    /** The endpoint of a request; the query is not looked at. */
    static Endpoint of(String method, String uri) {
        String path = path(uri);
        if (method.equals("GET") || method.equals("HEAD")) {
            if (path.endsWith("/models")) {
                return MODELS;
            }
            return path.contains("/models/") ? MODEL : UNKNOWN;
        }
        if (!method.equals("POST")) {
            return UNKNOWN;
        }
        // "/chat/completions" ends with "/completions" too: the longer one first.
        if (path.endsWith("/chat/completions")) {
            return CHAT_COMPLETIONS;
        }
        if (path.endsWith("/messages/count_tokens")) {
            return COUNT_TOKENS;
        }
        if (path.endsWith("/messages")) {
            return MESSAGES;
        }
        if (path.endsWith("/completions")) {
            return COMPLETIONS;
        }
        if (path.endsWith("/embeddings")) {
            return EMBEDDINGS;
        }
        return path.endsWith("/responses") ? RESPONSES : UNKNOWN;
    }

    /** The dialect of answers and errors, where the path alone does not tell by the version header. */
    Dialect dialect(String uri, boolean anthropicVersionHeader) {
        return switch (this) {
            case MESSAGES, COUNT_TOKENS -> Dialect.ANTHROPIC;
            case MODELS, MODEL -> anthropicVersionHeader ? Dialect.ANTHROPIC : Dialect.OPENAI;
            case UNKNOWN ->
                anthropicVersionHeader || path(uri).contains("/messages") ? Dialect.ANTHROPIC : Dialect.OPENAI;
            case CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, RESPONSES -> Dialect.OPENAI;
        };
    }

    static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** The model id of {@code /models/ID}; ids may contain slashes. */
    static String modelId(String uri) {
        String path = path(uri);
        int at = path.indexOf("/models/");
        return at < 0 ? "" : path.substring(at + "/models/".length());
    }
}
