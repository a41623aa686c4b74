package dev.slipstream.transform;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.ChunksToMessageEvents;
import dev.slipstream.codec.translate.CompletionToMessage;
import dev.slipstream.codec.translate.MessageEventsToChunks;
import dev.slipstream.codec.translate.MessageToCompletion;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.codec.translate.StreamTranslator;
import dev.slipstream.codec.translate.TranslatedRequest;
import dev.slipstream.exchange.WholeBody;
import dev.slipstream.limit.ByteBudget;
import dev.slipstream.limit.Limits;

/**
 * Chooses what edits an answer, by its head. One per loop, with what all edits of the loop share: an output, a tree, a
 * window and the translators of whole answers, each in use during a call alone.
 */
public final class AnswerTransforms {
    private static final int SCRATCH_BYTES = 16 * 1024;

    private final JsonOutput out = new JsonOutput();
    private final JsonTree tree = new JsonTree(WholeBody.MAX_VALUES);
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final CompletionToMessage toMessage = new CompletionToMessage();
    private final MessageToCompletion toCompletion = new MessageToCompletion();
    private final ByteBudget heldBytes;
    private final ByteBudget eventBytes;

    /** Of the limits, answers are charged to the held bytes until they are complete, and unfinished events to theirs. */
    public AnswerTransforms(Limits limits) {
        this.heldBytes = limits.heldBytes();
        this.eventBytes = limits.eventBytes();
    }

    /** What transforms append to; whoever calls one empties it behind the call. */
    public JsonOutput output() {
        return out;
    }

    /**
     * The translation of an answer for a client of dialect {@code client}.
     *
     * @param head of the provider's answer, whose body is not encoded
     * @param isEvents whether it is a stream of events
     * @param id of the exchange; the client's answer is named by it where the provider's is not
     */
    public AnswerTransform translation(
            Dialect client, FlatHead head, boolean isEvents, TranslatedRequest request, String id) {
        if (head.status() >= 400) {
            return new TranslatedError(head.status());
        }
        // For the eye of whoever reads the answer.
        long createdSeconds = System.currentTimeMillis() / 1000;
        if (isEvents) {
            StreamTranslator translator = switch (client) {
                case ANTHROPIC -> new ChunksToMessageEvents(tree);
                case OPENAI -> new MessageEventsToChunks(tree);
            };
            translator.start(request, id, createdSeconds);
            return new TranslatedEvents(translator, eventBytes, scratch, out);
        }
        TranslatedWhole.Translation translation = switch (client) {
            case ANTHROPIC -> new ToMessage(toMessage, request, id);
            case OPENAI -> new ToCompletion(toCompletion, request, id, createdSeconds);
        };
        return new TranslatedWhole(translation, tree, heldBytes);
    }

    /**
     * The edits of an answer in the client's own dialect, of status 200 and JSON or events, whose body is not encoded.
     *
     * @param scale of the input tokens that the client sees
     * @param hidesUsage whether the client did not ask for the usage that a stream will tell
     */
    public AnswerTransform edits(Dialect client, boolean isEvents, TokenScale scale, boolean hidesUsage) {
        return isEvents
                ? new EditedEvents(client, scale, hidesUsage, eventBytes, tree, out)
                : new TranslatedWhole(new EditedWhole(scale), tree, heldBytes);
    }

    /** An error of a provider that may not count tokens at all. */
    public AnswerTransform uncounted(int status) {
        return new UncountedError(status);
    }

    /** Its error is that of the translator's last answer: whoever asks for it does so at once. */
    private record ToMessage(CompletionToMessage translator, TranslatedRequest request, String id)
            implements TranslatedWhole.Translation {
        @Override
        public boolean translate(JsonTree document, JsonOutput out) {
            return translator.translate(document, request, id, out);
        }

        @Override
        public ProviderError error() {
            return translator.error();
        }
    }

    /** As {@link ToMessage}. */
    private record ToCompletion(
            MessageToCompletion translator, TranslatedRequest request, String id, long createdSeconds)
            implements TranslatedWhole.Translation {
        @Override
        public boolean translate(JsonTree document, JsonOutput out) {
            return translator.translate(document, request, id, createdSeconds, out);
        }

        @Override
        public ProviderError error() {
            return translator.error();
        }
    }
}
