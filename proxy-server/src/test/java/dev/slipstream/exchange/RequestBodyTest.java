package dev.slipstream.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.limit.ByteBudget;
import dev.slipstream.limit.MemoryGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is charged for a held body is the memory it keeps, and all of it comes back. */
final class RequestBodyTest {
    private static final int READ_BYTES = 64 * 1024;

    private final ByteBudget budget = new ByteBudget(1024 * 1024);
    private final RequestBody body = new RequestBody();

    /** A buffer as a read leaves it: of a capacity, and with so many bytes in it. */
    private static ByteBuf read(int capacity, int bytes) {
        ByteBuf in = UnpooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
        for (int i = 0; i < bytes; i++) {
            in.writeByte('a' + i % 26);
        }
        return in;
    }

    private String taken() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf piece = body.takeFirst(); piece != null; piece = body.takeFirst()) {
            text.append(piece.toString(US_ASCII));
            piece.release();
        }
        return text.toString();
    }

    private ByteBuf next() {
        return Objects.requireNonNull(body.takeFirst());
    }

    @Test
    void aSliceIsChargedWithTheBufferItKeeps() {
        ByteBuf in = read(READ_BYTES, 3000);
        assertTrue(body.hold(in, budget));
        assertEquals(3000, body.heldBytes());
        assertEquals(READ_BYTES, budget.usedBytes());
        body.release();
        assertEquals(0, budget.usedBytes());
        assertEquals(0, in.refCnt());
    }

    @Test
    void whatIsLentStaysChargedUntilItsReaderIsDoneAlthoughTheBodyIsLetGo() {
        ByteBuf in = read(READ_BYTES, 3000);
        assertTrue(body.hold(in, budget));
        BodyLoan loan = body.lend();
        body.release();
        assertEquals(READ_BYTES, budget.usedBytes());
        assertEquals(3000, loan.pieces().get(0).readableBytes());
        // The next exchange has the body already.
        assertTrue(body.hold(read(READ_BYTES, 10), budget));
        loan.release();
        assertEquals(READ_BYTES, budget.usedBytes());
        assertEquals(0, in.refCnt());
        body.release();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void aReaderThatIsDoneLeavesTheChargeWithTheBody() {
        ByteBuf in = read(READ_BYTES, 3000);
        assertTrue(body.hold(in, budget));
        body.lend().release();
        assertEquals(READ_BYTES, budget.usedBytes());
        assertEquals(1, in.refCnt());
        body.release();
        assertEquals(0, budget.usedBytes());
        assertEquals(0, in.refCnt());
    }

    @Test
    void piecesOfOneBufferAreChargedOnceAndUntilTheLastIsGone() {
        ByteBuf in = read(READ_BYTES, 6000);
        for (int i = 0; i < 3; i++) {
            assertTrue(body.hold(in.readRetainedSlice(2000), budget));
        }
        in.release();
        assertEquals(6000, body.heldBytes());
        assertEquals(READ_BYTES, budget.usedBytes());
        for (int i = 0; i < 3; i++) {
            assertEquals(READ_BYTES, budget.usedBytes());
            ByteBuf piece = next();
            piece.release();
        }
        assertEquals(0, budget.usedBytes());
        assertEquals(0, in.refCnt());
    }

    @Test
    void aBodyOfSingleBytesTakesFewPiecesAndLittleMoreThanItsSize() {
        ByteBuf in = read(READ_BYTES, READ_BYTES);
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < READ_BYTES; i++) {
            sent.append((char) in.getByte(in.readerIndex()));
            assertTrue(body.hold(in.readRetainedSlice(1), budget));
        }
        in.release();
        assertTrue(body.pieceCount() < 20, "pieces " + body.pieceCount());
        assertEquals(READ_BYTES, body.heldBytes());
        assertTrue(budget.usedBytes() <= 3 * READ_BYTES, "charged " + budget.usedBytes());
        assertEquals(sent.toString(), taken());
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void whereTheBudgetHasNoRoomForTheBufferTheBytesAreCopied() {
        ByteBudget small = new ByteBudget(READ_BYTES);
        RequestBody other = new RequestBody();
        assertTrue(other.hold(read(READ_BYTES / 2, 5000), small));
        ByteBuf second = read(READ_BYTES, 5000);
        assertTrue(body.hold(second, small));
        assertEquals(0, second.refCnt());
        assertEquals(READ_BYTES / 2 + 5000, small.usedBytes());
        ByteBuf third = read(READ_BYTES, READ_BYTES);
        assertFalse(body.hold(third, small));
        assertEquals(0, third.refCnt());
        body.release();
        other.release();
        assertEquals(0, small.usedBytes());
    }

    @Test
    void whatWasGivenAwayIsNotWrittenInto() {
        assertTrue(body.hold(read(2048, 2000), budget));
        assertTrue(body.hold(read(64, 10), budget));
        ByteBuf first = next();
        ByteBuf copied = next();
        assertEquals(10, copied.readableBytes());
        assertTrue(body.hold(read(2048, 2000), budget));
        assertTrue(body.hold(read(64, 10), budget));
        assertEquals(10, copied.readableBytes());
        assertEquals(0, copied.getByte(copied.readerIndex() + 10));
        first.release();
        copied.release();
        body.release();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void nothingIsHeldWhileMemoryIsShort() {
        AtomicLong used = new AtomicLong();
        ByteBudget guarded = new ByteBudget(0, new MemoryGate(used::get, 100));
        assertTrue(body.hold(read(2048, 2000), guarded));
        used.set(100);
        ByteBuf refused = read(2048, 2000);
        assertFalse(body.hold(refused, guarded));
        assertEquals(0, refused.refCnt());
        assertFalse(body.chargeTo(new ByteBudget(0, new MemoryGate(used::get, 100))));
        body.release();
        assertEquals(0, guarded.usedBytes());
    }

    @Test
    void pooledSlicesOfSlicesAreKnownByTheirBuffer() {
        PooledByteBufAllocator pool = new PooledByteBufAllocator(true);
        ByteBuf in = pool.directBuffer(READ_BYTES).writeZero(10_000);
        ByteBuf slice = in.readRetainedSlice(8000);
        assertTrue(body.hold(slice.readRetainedSlice(4000), budget));
        assertTrue(body.hold(slice.readRetainedSlice(4000), budget));
        assertEquals(READ_BYTES, budget.usedBytes());
        in.release();
        slice.release();
        body.release();
        assertEquals(0, in.refCnt());
    }
}
