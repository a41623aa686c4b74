package dev.slipstream.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminMemoryTest {
    private static final int PIECE_BYTES = 32 * 1024;

    private final AdminMemory memory = new AdminMemory();

    @AfterEach
    void close() {
        memory.close();
    }

    private void useAndGiveBack(int pieces) {
        List<ByteBuf> used = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            used.add(memory.allocator().directBuffer(PIECE_BYTES));
        }
        used.forEach(ByteBuf::release);
    }

    @Test
    void itsChunkIsTakenAtOnce() {
        assertEquals(AdminMemory.CHUNK_BYTES, memory.takenBytes());
    }

    @Test
    void itsChunkIsKeptBehindAScrapeThatFilledHalfOfIt() {
        useAndGiveBack(AdminMemory.CHUNK_BYTES / PIECE_BYTES / 2);
        assertEquals(AdminMemory.CHUNK_BYTES, memory.takenBytes());
    }

    @Test
    void itStandsBehindUseOfMuchMore() {
        useAndGiveBack(3 * AdminMemory.CHUNK_BYTES / PIECE_BYTES);
        assertTrue(memory.takenBytes() >= AdminMemory.CHUNK_BYTES, () -> memory.takenBytes() + " bytes");
        assertEquals(1, inUse());
    }

    @Test
    void theEndCanBeToldTwiceAndLeavesNothingInUse() {
        useAndGiveBack(1);
        memory.close();
        memory.close();
        assertEquals(0, inUse());
    }

    private long inUse() {
        return ((PooledByteBufAllocator) memory.allocator())
                .metric().directArenas().stream()
                        .mapToLong(PoolArenaMetric::numActiveAllocations)
                        .sum();
    }
}
