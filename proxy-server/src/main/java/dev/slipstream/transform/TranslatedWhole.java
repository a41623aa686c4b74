package dev.slipstream.transform;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;

/** A provider's whole answer in the client's dialect, made when it is complete. */
final class TranslatedWhole implements AnswerTransform {
    /** What makes one document of another. */
    interface Translation {
        /** Appends the answer; false where {@code document} is none, and {@link #error()} says why. */
        boolean translate(JsonTree document, JsonOutput out);

        ProviderError error();
    }

    private final Translation translation;
    private final JsonTree tree;
    private final HeldAnswer held;
    private final ProviderError own = new ProviderError();
    private boolean ownError;

    /** @param tree of the loop, in use during a call alone */
    TranslatedWhole(Translation translation, JsonTree tree, ByteBudget budget) {
        this.translation = translation;
        this.tree = tree;
        this.held = new HeldAnswer(budget);
    }

    @Override
    public Progress onData(ByteBuf data, JsonOutput out) {
        if (ownError) {
            data.release();
        } else if (!held.hold(data, own)) {
            ownError = true;
        }
        return ownError ? Progress.FAILED : Progress.MORE;
    }

    @Override
    public Progress onEnd(JsonOutput out) {
        tree.reset();
        held.moveTo(tree);
        try {
            if (tree.parse() != JsonStatus.COMPLETE) {
                ownError = true;
                own.set(502, "The provider's answer is not valid JSON.", null);
                return Progress.FAILED;
            }
            return translation.translate(tree, out) ? Progress.DONE : Progress.FAILED;
        } finally {
            tree.reset();
        }
    }

    @Override
    public boolean isEvents() {
        return false;
    }

    @Override
    public int status() {
        return 200;
    }

    @Override
    public ProviderError error() {
        return ownError ? own : translation.error();
    }

    @Override
    public void fail(ProviderError error, String requestId, JsonOutput out) {
        throw new IllegalStateException("nothing has begun");
    }

    @Override
    public void release() {
        held.release();
    }
}
