package dev.slipstream.codec.translate;

import dev.slipstream.codec.tokens.TokenScale;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a translated request until its answer has been translated too. Filled by the translation of the
 * request, or, where that came to nothing, with why. Reused.
 */
public final class TranslatedRequest {
    private final ToolNames toolNames = new ToolNames();
    private boolean streamed;
    private boolean usageWanted;
    private String model = "";
    private TokenScale scale = TokenScale.NONE;
    private long inputEstimate;
    private @Nullable String refusal;
    private @Nullable String refusedField;

    /** Makes ready for the next request. */
    public void reset() {
        toolNames.reset();
        streamed = false;
        usageWanted = false;
        model = "";
        scale = TokenScale.NONE;
        inputEstimate = 0;
        refusal = null;
        refusedField = null;
    }

    /** Names of tools that were changed on the way to the provider. */
    public ToolNames toolNames() {
        return toolNames;
    }

    /** Whether the client wants a stream. */
    public boolean isStreamed() {
        return streamed;
    }

    void setStreamed(boolean streamed) {
        this.streamed = streamed;
    }

    /** Whether a client of the OpenAI dialect asked for the usage of a stream ({@code stream_options.include_usage}). */
    public boolean isUsageWanted() {
        return usageWanted;
    }

    void setUsageWanted(boolean usageWanted) {
        this.usageWanted = usageWanted;
    }

    /** The model as the client called it. */
    public String model() {
        return model;
    }

    public void setModel(String model) {
        this.model = model;
    }

    /** How the input tokens that the client sees are scaled. */
    public TokenScale scale() {
        return scale;
    }

    public void setScale(TokenScale scale) {
        this.scale = scale;
    }

    /** Estimated input tokens, unscaled, for a client that is told them before the provider tells; 0: not known. */
    public long inputEstimate() {
        return inputEstimate;
    }

    public void setInputEstimate(long tokens) {
        inputEstimate = tokens;
    }

    /** Why the request cannot be translated: what the client is told with a 400; null where it was. */
    public @Nullable String refusal() {
        return refusal;
    }

    /** The field that is to blame for the {@link #refusal()}, such as {@code messages[2].content}; null where none is. */
    public @Nullable String refusedField() {
        return refusedField;
    }

    /** The request cannot be translated. The first reason stays. */
    void refuse(String message, @Nullable String field) {
        if (refusal == null) {
            refusal = message;
            refusedField = field;
        }
    }
}
