package dev.slipstream.exchange;

import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request's body that is held: until its route is known, until there is a connection, and then, as long as
 * it is small enough, so that it can be sent again. Holds the client's bytes as they came.
 *
 * <p>Owner of its pieces; {@link #release()} is the one exit.
 *
 * <h2>What is charged</h2>
 *
 * A slice keeps the whole buffer it was read into. So the {@link ByteBudget} is charged with the memory that is kept, not
 * with the bytes that are wanted: the capacity of each buffer, once for all the pieces of it that follow each other. Where
 * the budget has no room for that, the bytes are copied into a buffer of their size. Pieces below
 * {@value #SMALL_BYTES} bytes behind the first are copied together in any case: a body of one-byte chunks would else
 * take a hundred bytes of heap for each of its own.
 */
public final class RequestBody {
    private static final int SMALL_BYTES = 1024;
    private static final int TAIL_BYTES = 4 * 1024;
    /** Room for pieces that an exchange keeps when it is recycled. */
    private static final int FEW = 8;

    private @Nullable ByteBuf[] pieces = new ByteBuf[FEW];
    /** What each piece was charged with. */
    private int[] charges = new int[FEW];

    private int first;
    private int end;
    /** A buffer of our own, which is the last piece and may have room; else null. */
    private @Nullable ByteBuf tail;
    /** The memory behind the last piece. */
    private @Nullable ByteBuf lastMemory;

    private @Nullable ByteBudget budget;
    /** What was lent of it last; null: nothing. */
    private @Nullable BodyLoan loan;

    private long heldBytes;
    private long chargedBytes;

    /**
     * Holds {@code piece}: consumes it.
     *
     * @param first what it is charged to, unless something else is charged already
     * @return false where the budget or the memory is exhausted; {@code piece} has been released then
     */
    @SuppressWarnings("ReferenceEquality") // the same memory, not the same bytes
    public boolean hold(ByteBuf piece, ByteBudget first) {
        int bytes = piece.readableBytes();
        if (bytes == 0) {
            piece.release();
            return true;
        }
        ByteBudget charged = budget == null ? first : budget;
        if (bytes < SMALL_BYTES && pieceCount() > 0) {
            return copy(piece, Math.max(TAIL_BYTES, bytes), charged);
        }
        ByteBuf memory = memoryOf(piece);
        int charge = memory == lastMemory ? 0 : Math.max(bytes, memory.capacity());
        if (charged.tryReserve(charge)) {
            budget = charged;
            add(piece, charge);
            heldBytes += bytes;
            lastMemory = memory;
            tail = null;
            return true;
        }
        if (bytes < charge) {
            return copy(piece, bytes, charged);
        }
        piece.release();
        return false;
    }

    /** @param capacity of a new buffer, where the last one has no room */
    private boolean copy(ByteBuf piece, int capacity, ByteBudget charged) {
        ByteBuf into = tail;
        int bytes = piece.readableBytes();
        if (into == null || into.writableBytes() < bytes) {
            if (!charged.tryReserve(capacity)) {
                piece.release();
                return false;
            }
            try {
                into = piece.alloc().directBuffer(capacity, capacity);
            } catch (OutOfMemoryError e) {
                charged.release(capacity);
                piece.release();
                return false;
            }
            budget = charged;
            add(into, capacity);
            tail = into;
            lastMemory = null;
        }
        into.writeBytes(piece, piece.readerIndex(), bytes);
        piece.release();
        heldBytes += bytes;
        return true;
    }

    private void add(ByteBuf piece, int charge) {
        if (end == pieces.length) {
            pieces = Arrays.copyOf(pieces, end * 2);
            charges = Arrays.copyOf(charges, end * 2);
        }
        pieces[end] = piece;
        charges[end] = charge;
        end++;
        chargedBytes += charge;
    }

    /** The buffer of which {@code piece} is a view, through however many. */
    private static ByteBuf memoryOf(ByteBuf piece) {
        ByteBuf memory = piece;
        for (ByteBuf behind = piece.unwrap(); behind != null; behind = behind.unwrap()) {
            memory = behind;
        }
        return memory;
    }

    /** Charges what is held to {@code other} instead; false, and nothing changed, where that one is exhausted. */
    public boolean chargeTo(ByteBudget other) {
        ByteBudget charged = budget;
        if (charged != other) {
            if (!other.tryReserve(chargedBytes)) {
                return false;
            }
            if (charged != null) {
                charged.release(chargedBytes);
            }
            budget = other;
        }
        return true;
    }

    /** Bytes of the body. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Bytes of memory that they keep. */
    public long chargedBytes() {
        return chargedBytes;
    }

    /** Appends all of it to {@code tree}; it stays held. */
    public void copyTo(JsonTree tree) {
        tree.reserve(Math.toIntExact(heldBytes));
        for (int i = first; i < end; i++) {
            tree.append(piece(i - first));
        }
    }

    /**
     * Lends all of it, to be read on another thread. Returns owned; what is held is not to change before it is given back,
     * but for {@link #release()}.
     */
    BodyLoan lend() {
        List<ByteBuf> views = new ArrayList<>(pieceCount());
        for (int i = 0; i < pieceCount(); i++) {
            views.add(piece(i).retainedDuplicate());
        }
        BodyLoan made = new BodyLoan(views, budget, chargedBytes);
        loan = made;
        return made;
    }

    public int pieceCount() {
        return end - first;
    }

    /** Borrows piece {@code i}; its indices are not to be moved. */
    public ByteBuf piece(int i) {
        ByteBuf piece = pieces[first + i];
        if (piece == null) {
            throw new IndexOutOfBoundsException(i);
        }
        return piece;
    }

    /** Returns owned: the first piece, which is held no longer; null where none is left. */
    public @Nullable ByteBuf takeFirst() {
        if (first == end) {
            return null;
        }
        ByteBuf piece = piece(0);
        int charge = charges[first];
        pieces[first] = null;
        first++;
        heldBytes -= piece.readableBytes();
        if (first == end) {
            // Nobody may write into what was given away.
            forget();
        } else if (charges[first] == 0) {
            // The next one is of the same memory, and keeps it.
            charges[first] = charge;
            charge = 0;
        }
        chargedBytes -= charge;
        if (budget != null) {
            budget.release(charge);
        }
        return piece;
    }

    /** Gives everything back. Idempotent. */
    public void release() {
        BodyLoan lent = loan;
        loan = null;
        if (lent != null && lent.takeCharge()) {
            budget = null;
        }
        for (ByteBuf piece = takeFirst(); piece != null; piece = takeFirst()) {
            piece.release();
        }
        budget = null;
    }

    private void forget() {
        first = 0;
        end = 0;
        tail = null;
        lastMemory = null;
        if (pieces.length > FEW) {
            pieces = new ByteBuf[FEW];
            charges = new int[FEW];
        }
    }
}
