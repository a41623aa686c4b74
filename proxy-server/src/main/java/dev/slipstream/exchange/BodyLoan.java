package dev.slipstream.exchange;

import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Views of a held body for a reader on another thread. They keep its memory, so they keep its charge as well, where the
 * body is let go before they are: a client that leaves must not make room for the next while its bytes still wait.
 */
final class BodyLoan {
    private enum Charge {
        WITH_BODY,
        WITH_LOAN,
        OVER
    }

    private final List<ByteBuf> pieces;
    private final @Nullable ByteBudget budget;
    private final long chargedBytes;
    /** Written by the loop and by the reader. */
    private final AtomicReference<Charge> charge = new AtomicReference<>(Charge.WITH_BODY);

    /** Consumes {@code pieces}. */
    BodyLoan(List<ByteBuf> pieces, @Nullable ByteBudget budget, long chargedBytes) {
        this.pieces = pieces;
        this.budget = budget;
        this.chargedBytes = chargedBytes;
    }

    /** Borrows what was lent. */
    List<ByteBuf> pieces() {
        return pieces;
    }

    /** The body is let go: true where the charge stays here until {@link #release()}; false where that has been. */
    boolean takeCharge() {
        return charge.compareAndSet(Charge.WITH_BODY, Charge.WITH_LOAN);
    }

    /** Gives it back; once. Any thread. */
    void release() {
        for (ByteBuf piece : pieces) {
            piece.release();
        }
        pieces.clear();
        if (charge.getAndSet(Charge.OVER) == Charge.WITH_LOAN && budget != null) {
            budget.release(chargedBytes);
        }
    }
}
