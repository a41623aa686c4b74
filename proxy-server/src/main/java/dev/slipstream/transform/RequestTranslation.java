package dev.slipstream.transform;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenEstimate;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.ChatToMessages;
import dev.slipstream.codec.translate.MessagesToChat;
import dev.slipstream.codec.translate.ProviderTraits;
import dev.slipstream.codec.translate.TranslatedRequest;
import dev.slipstream.codec.translate.UsageInjection;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.WholeBody;
import dev.slipstream.failure.FailureKind;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The translation of one request for one target: reads the client's body, and makes the provider's. The question for usage
 * that is put into a request of the provider's own dialect is one as well.
 */
public final class RequestTranslation implements WholeBody.Reading<TranslatedBody> {
    /** Who waits for it. */
    public interface Owner {
        /** It is done: takes over what {@code body} holds. */
        void onTranslated(TranslatedBody body);
    }

    private static final byte[] MODEL = "model".getBytes(US_ASCII);

    /** What every thread that translates has once. */
    private static final class Tools {
        final MessagesToChat messagesToChat = new MessagesToChat();
        final ChatToMessages chatToMessages = new ChatToMessages();
        final JsonOutput out = new JsonOutput();
    }

    private static final FastThreadLocal<Tools> TOOLS = new FastThreadLocal<>() {
        @Override
        protected Tools initialValue() {
            return new Tools();
        }
    };

    private final Owner owner;
    private final Dialect client;
    private final Dialect provider;
    private final ProviderTraits traits;
    private final byte[] modelJson;
    private final TokenScale scale;
    private final ByteBufAllocator allocator;

    /**
     * @param client the dialect that the request is in
     * @param provider the dialect that it is wanted in; where that is the same, it is asked for usage and nothing else
     * @param modelJson what the provider calls the model, a JSON string with its quotes
     */
    public RequestTranslation(
            Owner owner,
            Dialect client,
            Dialect provider,
            ProviderTraits traits,
            byte[] modelJson,
            TokenScale scale,
            ByteBufAllocator allocator) {
        this.owner = owner;
        this.client = client;
        this.provider = provider;
        this.traits = traits;
        this.modelJson = modelJson;
        this.scale = scale;
        this.allocator = allocator;
    }

    @Override
    public TranslatedBody read(JsonTree body, JsonStatus status) {
        TranslatedRequest request = new TranslatedRequest();
        TranslatedBody made = new TranslatedBody(request);
        if (status != JsonStatus.COMPLETE) {
            return made.failed(
                    FailureKind.INVALID_JSON,
                    "The body holds too many values, or is nested too deeply, for translation.");
        }
        request.setScale(scale);
        request.setModel(body.string(body.member(JsonTree.ROOT, MODEL)));
        Tools tools = TOOLS.get();
        JsonOutput out = tools.out;
        out.reset(true);
        try {
            if (client == provider) {
                return UsageInjection.inject(body, modelJson, out, request)
                        ? made.of(out, body.text(), allocator)
                        : made.unchanged();
            }
            boolean translated = switch (client) {
                case ANTHROPIC -> tools.messagesToChat.translate(body, traits, modelJson, out, request);
                case OPENAI -> tools.chatToMessages.translate(body, traits, modelJson, out, request);
            };
            if (!translated) {
                return made.failed(FailureKind.BAD_REQUEST, whyNot(request));
            }
            if (client == Dialect.ANTHROPIC && request.isStreamed()) {
                // Its first event tells the input tokens, and the provider tells them last.
                request.setInputEstimate(TokenEstimate.of(body, client, TokenEstimate.Family.of(modelJson)));
            }
            return made.of(out, body.text(), allocator);
        } catch (OutOfMemoryError e) {
            return made.failed(FailureKind.OVERLOADED, "The proxy is short of memory. Try again later.");
        } finally {
            out.reset(false);
        }
    }

    /** It names the field itself. */
    private static String whyNot(TranslatedRequest request) {
        String refusal = request.refusal();
        return refusal == null ? "The request cannot be translated." : refusal;
    }

    @Override
    public void done(Exchange exchange, TranslatedBody result) {
        owner.onTranslated(result);
    }

    @Override
    public void discard(TranslatedBody result) {
        result.release();
    }
}
