package dev.slipstream.transform;

import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.exchange.RequestBody;
import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;

/** A provider's body that is held until it is complete. Charged to the budget of what is held. */
final class HeldAnswer {
    /** A larger one is not taken: 32 MiB, or an eighth of the heap, where a copy lies while it is read. */
    static final long MAX_BYTES =
            Math.min(32L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

    private final RequestBody body = new RequestBody();
    private final ByteBudget budget;

    HeldAnswer(ByteBudget budget) {
        this.budget = budget;
    }

    /** Consumes {@code data}; false, with the reason in {@code error}, where it cannot be held. */
    boolean hold(ByteBuf data, ProviderError error) {
        if (body.heldBytes() + data.readableBytes() > MAX_BYTES) {
            data.release();
            error.set(502, "The provider's answer is larger than " + MAX_BYTES + " bytes.", null);
            return false;
        }
        if (!body.hold(data, budget)) {
            error.set(503, "Too many answers are being held. Try again later.", "overloaded");
            return false;
        }
        return true;
    }

    /** Appends all of it to {@code tree}, and lets go of it. */
    void moveTo(JsonTree tree) {
        body.copyTo(tree);
        body.release();
    }

    void release() {
        body.release();
    }
}
