package dev.slipstream.dispatch;

import dev.slipstream.codec.translate.TranslatedRequest;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.RequestBody;
import dev.slipstream.exchange.WholeBody;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.ByteBudget;
import dev.slipstream.route.Target;
import dev.slipstream.transform.RequestTranslation;
import dev.slipstream.transform.TranslatedBody;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The body that a target gets: the client's as it is held, or one that was made of it, in the target's dialect or with usage
 * asked for. Reused for one attempt after another.
 */
final class TargetBody implements RequestTranslation.Owner {
    /** Told once for each {@link #make} that returned true. */
    interface Owner {
        /** The body is here: {@link #toSend()}. */
        void onBody();

        /** The request cannot be said to the target. */
        void onNoBody(FailureKind failure, String message, @Nullable String field);

        /** There is no room for the body. */
        void refuse(FailureKind failure, String message);
    }

    private final Owner owner;
    private final Exchange exchange;
    private final WholeBody wholeBody;
    private final ByteBudget heldBytes;

    /** Null: the held body is sent as it is. */
    private @Nullable TranslatedRequest translation;

    private @Nullable RequestBody made;
    private long madeBytes;

    TargetBody(Owner owner, Exchange exchange, WholeBody wholeBody, ByteBudget heldBytes) {
        this.owner = owner;
        this.exchange = exchange;
        this.wholeBody = wholeBody;
        this.heldBytes = heldBytes;
    }

    /** It is the client's own, until another one is made. */
    void reset() {
        translation = null;
    }

    /** Makes the body for {@code target} of the whole held one; false, and nobody told, where too many are being made. */
    boolean make(Target target) {
        long maxWaitNanos = target.provider().config().timeouts().poolWaitNanos();
        return wholeBody.read(exchange, maxWaitNanos, readingFor(target));
    }

    private RequestTranslation readingFor(Target target) {
        return new RequestTranslation(
                this,
                exchange.endpoint().dialect(),
                target.provider().dialect(),
                target.traits(),
                exchange.plan().modelJson(target),
                exchange.plan().scale(),
                exchange.loop().allocator());
    }

    /** Whether the held body can be said to {@code target}; of a large one that is hoped, for trying takes long. */
    boolean canBeMadeFor(Target target) {
        RequestTranslation reading = readingFor(target);
        TranslatedBody tried = wholeBody.readSmall(exchange, reading);
        if (tried == null) {
            return true;
        }
        reading.discard(tried);
        return tried.failure() == null;
    }

    @Override
    public void onTranslated(TranslatedBody done) {
        FailureKind failure = done.failure();
        if (failure != null) {
            owner.onNoBody(failure, done.message(), done.request().refusedField());
        } else if (done.isUnchanged()) {
            owner.onBody();
        } else if (take(done)) {
            owner.onBody();
        } else {
            owner.refuse(FailureKind.OVERLOADED, "Too many requests are being held. Try again later.");
        }
    }

    private boolean take(TranslatedBody done) {
        RequestBody body = made;
        if (body == null) {
            body = new RequestBody();
            made = body;
        }
        translation = done.request();
        madeBytes = done.bytes();
        boolean held = true;
        for (ByteBuf piece : done.takePieces()) {
            if (held) {
                held = body.hold(piece, heldBytes);
            } else {
                piece.release();
            }
        }
        if (!held) {
            body.release();
        }
        return held;
    }

    /** Whether the target gets another body than the client's. */
    boolean isMade() {
        return translation != null;
    }

    /** What is remembered of the translated request; null where there is none. */
    @Nullable
    TranslatedRequest translation() {
        return translation;
    }

    /** Of a body that was {@linkplain #isMade() made}. */
    long madeBytes() {
        return madeBytes;
    }

    /** What is held of the body and not sent yet. */
    RequestBody toSend() {
        RequestBody body = made;
        return isMade() && body != null ? body : exchange.body();
    }

    /** Gives back what was made. Idempotent. */
    void release() {
        if (made != null) {
            made.release();
        }
    }
}
