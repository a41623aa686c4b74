package dev.slipstream.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.slipstream.harness.SilentClient;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.NanoClock;
import dev.slipstream.metrics.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangePoolTest {
    private static final int KEPT = 1024;

    private final Loop loop = new Loop(
            0,
            new EmbeddedChannel().eventLoop(),
            NanoClock.SYSTEM,
            UnpooledByteBufAllocator.DEFAULT,
            new Metrics().forLoop(0));
    private final ExchangePool pool = new ExchangePool(loop, 64);
    private final ClientStream client = new SilentClient();
    private int retired;

    private final class Work implements ExchangeWork {
        @Override
        public void endForDrain() {}

        @Override
        public void onBody(ByteBuf data) {
            data.release();
        }

        @Override
        public void onBodyEnd() {}

        @Override
        public void onClientWritability(boolean writable) {}

        @Override
        public void cancel() {}

        @Override
        public void retire() {
            retired++;
        }
    }

    @Test
    void aClosedExchangeIsUsedAgainUnderANewGeneration() {
        Exchange first = pool.acquire(client);
        long generation = first.generation();
        first.close(CloseReason.ANSWERED);
        first.close(CloseReason.ANSWERED);
        assertEquals(0, pool.inUse());
        Exchange second = pool.acquire(client);
        assertSame(first, second);
        assertEquals(generation + 1, second.generation());
        assertEquals(1, pool.inUse());
    }

    @Test
    void whatIsNotKeptGivesBackWhatItKeepsBetweenRequests() {
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < KEPT + 6; i++) {
            Exchange exchange = pool.acquire(client);
            exchange.setWork(new Work());
            all.add(exchange);
        }
        all.forEach(each -> each.close(CloseReason.CLIENT_LEFT));
        assertEquals(0, pool.inUse());
        assertEquals(6, retired);
    }
}
