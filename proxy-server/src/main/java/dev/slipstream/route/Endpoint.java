package dev.slipstream.route;

import dev.slipstream.codec.Dialect;
import java.nio.charset.StandardCharsets;

/** What the API listener serves. The labels are the {@code route} label of {@code slipstream_requests_total}. */
public enum Endpoint {
    CHAT_COMPLETIONS("chat_completions", Dialect.OPENAI, "/chat/completions"),
    MESSAGES("messages", Dialect.ANTHROPIC, "/v1/messages"),
    COUNT_TOKENS("count_tokens", Dialect.ANTHROPIC, "/v1/messages/count_tokens"),
    EMBEDDINGS("embeddings", Dialect.OPENAI, "/embeddings"),
    COMPLETIONS("completions", Dialect.OPENAI, "/completions"),
    RESPONSES("responses", Dialect.OPENAI, "/responses"),
    MODELS("models", Dialect.OPENAI, ""),
    MODEL("model", Dialect.OPENAI, ""),
    HEALTH("health", Dialect.OPENAI, ""),
    READY("health_ready", Dialect.OPENAI, ""),
    ROOT("root", Dialect.OPENAI, ""),
    UNKNOWN("unknown", Dialect.OPENAI, "");

    private final String label;
    private final Dialect dialect;

    @SuppressWarnings("ImmutableEnumChecker") // never written
    private final byte[] upstreamPath;

    Endpoint(String label, Dialect dialect, String upstreamPath) {
        this.label = label;
        this.dialect = dialect;
        this.upstreamPath = upstreamPath.getBytes(StandardCharsets.US_ASCII);
    }

    public String label() {
        return label;
    }

    /** The dialect of its requests; of the model list it is the client's headers that tell. */
    public Dialect dialect() {
        return dialect;
    }

    /** Whether requests are forwarded to a provider, and so are POSTs with a JSON body. */
    public boolean isForwarded() {
        return upstreamPath.length > 0;
    }

    /** Whether requests can be translated for a provider of the other dialect. */
    public boolean isTranslatable() {
        return this == CHAT_COMPLETIONS || this == MESSAGES;
    }

    /** What a conversation is sent to in {@code dialect}. */
    public static Endpoint chatOf(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> CHAT_COMPLETIONS;
            case ANTHROPIC -> MESSAGES;
        };
    }

    /** Whether no key is asked for. */
    public boolean isOpen() {
        return this == HEALTH || this == READY || this == ROOT;
    }

    /** What is put behind the provider's base path; not to be changed. */
    @SuppressWarnings("MutableGetter") // handed out per request, a copy each time would be garbage
    public byte[] upstreamPath() {
        return upstreamPath;
    }
}
