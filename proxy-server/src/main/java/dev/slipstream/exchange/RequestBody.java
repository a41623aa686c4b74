package dev.slipstream.exchange;

import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request's body that is held: until its route is known, until there is a connection, and then, as long as
 * it is small enough, so that it can be sent again. Holds the client's bytes as they came.
 *
 * <p>Owner of its pieces; {@link #release()} is the one exit. Every byte held is charged to a {@link ByteBudget}.
 */
public final class RequestBody {
    private final List<ByteBuf> pieces = new ArrayList<>();
    private @Nullable ByteBudget budget;
    private long heldBytes;

    /**
     * Holds {@code piece}: consumes it.
     *
     * @param first what it is charged to, unless something else is charged already
     * @return false where the budget is exhausted; {@code piece} has been released then
     */
    public boolean hold(ByteBuf piece, ByteBudget first) {
        ByteBudget charged = budget == null ? first : budget;
        int bytes = piece.readableBytes();
        if (bytes == 0) {
            piece.release();
            return true;
        }
        if (!charged.tryReserve(bytes)) {
            piece.release();
            return false;
        }
        budget = charged;
        heldBytes += bytes;
        pieces.add(piece);
        return true;
    }

    /** Charges what is held to {@code other} instead; false, and nothing changed, where that one is exhausted. */
    public boolean chargeTo(ByteBudget other) {
        ByteBudget charged = budget;
        if (charged != other) {
            if (!other.tryReserve(heldBytes)) {
                return false;
            }
            if (charged != null) {
                charged.release(heldBytes);
            }
            budget = other;
        }
        return true;
    }

    public long heldBytes() {
        return heldBytes;
    }

    public int pieceCount() {
        return pieces.size();
    }

    /** Borrows piece {@code i}; its indices are not to be moved. */
    public ByteBuf piece(int i) {
        return pieces.get(i);
    }

    /** Returns owned: the first piece, which is held no longer; null where none is left. */
    public @Nullable ByteBuf takeFirst() {
        if (pieces.isEmpty()) {
            return null;
        }
        ByteBuf first = pieces.remove(0);
        int bytes = first.readableBytes();
        heldBytes -= bytes;
        if (budget != null) {
            budget.release(bytes);
        }
        return first;
    }

    /** Gives everything back. Idempotent. */
    public void release() {
        for (int i = 0; i < pieces.size(); i++) {
            pieces.get(i).release();
        }
        pieces.clear();
        if (budget != null) {
            budget.release(heldBytes);
            budget = null;
        }
        heldBytes = 0;
    }
}
