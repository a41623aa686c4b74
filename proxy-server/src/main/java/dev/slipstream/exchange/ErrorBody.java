package dev.slipstream.exchange;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.anthropic.AnthropicError;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.openai.OpenAiError;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.failure.FailureKind;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The error envelope of a failure of our own, in the client's dialect. */
public final class ErrorBody {
    private static final int BYTES = 512;
    private static final int ANTHROPIC_OVERLOADED = 529;

    private ErrorBody() {}

    /** The status a client is told: Anthropic has one of its own for an overload. */
    public static int statusOf(Exchange exchange, FailureKind kind) {
        boolean anthropicOverload = exchange.dialect() == Dialect.ANTHROPIC && kind == FailureKind.OVERLOADED;
        return anthropicOverload ? ANTHROPIC_OVERLOADED : kind.status();
    }

    /** Returns owned, of {@value #BYTES} bytes with room for more. {@code message} is for the client: no secret, no address, no class name. */
    public static ByteBuf of(Exchange exchange, FailureKind kind, String message) {
        return of(exchange, kind, message, null);
    }

    /** As {@link #of(Exchange, FailureKind, String)}, with the field that is to blame for those whose dialect names it. */
    static ByteBuf of(Exchange exchange, FailureKind kind, String message, @Nullable String param) {
        ByteBuf body = exchange.loop().allocator().directBuffer(BYTES);
        int status = statusOf(exchange, kind);
        switch (exchange.dialect()) {
            case ANTHROPIC ->
                AnthropicError.write(body, status, message, exchange.id().toString());
            case OPENAI -> OpenAiError.write(body, status, message, param, codeOf(kind));
        }
        return body;
    }

    /** Appends an error that the provider told, in the client's dialect. */
    public static void ofProvider(Exchange exchange, ProviderError error, JsonOutput out) {
        switch (exchange.dialect()) {
            case ANTHROPIC -> error.writeAnthropic(out, exchange.id().toString());
            case OPENAI -> error.writeOpenAi(out);
        }
    }

    private static String codeOf(FailureKind kind) {
        // The one name that OpenAI has for it, and clients look for.
        return kind == FailureKind.UNKNOWN_MODEL ? "model_not_found" : kind.word();
    }
}
