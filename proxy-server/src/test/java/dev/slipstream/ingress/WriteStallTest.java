package dev.slipstream.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.loop.Loop;
import dev.slipstream.metrics.Metrics;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code timeouts.client_write} is 45 s by default. */
class WriteStallTest implements WriteStall.Watched {
    private final EmbeddedChannel home = new EmbeddedChannel();
    private long nanos = TimeUnit.HOURS.toNanos(1);
    private final Loop loop =
            new Loop(0, home.eventLoop(), () -> nanos, UnpooledByteBufAllocator.DEFAULT, new Metrics().forLoop(0));
    private final WriteStall stall = new WriteStall(loop, defaults(), this);
    private long unwritten = 1000;
    private int stalls;

    private static CurrentConfig defaults() {
        LoadResult result = ConfigLoader.fromText("test.yaml", EmbeddedProxy.CONFIG, Map.of(), Overrides.none());
        return new CurrentConfig(ConfigSnapshot.of(((LoadResult.Loaded) result).config()));
    }

    @Override
    public long unwrittenBytes() {
        return unwritten;
    }

    @Override
    public void onWriteStall() {
        stalls++;
    }

    private void advanceSeconds(int seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        loop.timers().poll();
    }

    @AfterEach
    void noTimerIsLeft() {
        stall.close();
        assertEquals(0, loop.timers().size());
        home.finishAndReleaseAll();
    }

    @Test
    void aQueueThatDoesNotMoveIsAStall() {
        stall.watch();
        advanceSeconds(44);
        assertEquals(0, stalls);
        advanceSeconds(2);
        assertEquals(1, stalls);
    }

    @Test
    void oneByteGoneBuysTheTimeAgain() {
        stall.watch();
        advanceSeconds(30);
        unwritten--;
        advanceSeconds(16);
        assertEquals(0, stalls);
        advanceSeconds(44);
        assertEquals(0, stalls);
        advanceSeconds(2);
        assertEquals(1, stalls);
    }

    @Test
    void askingAgainDoesNotPutItOff() {
        stall.watch();
        advanceSeconds(30);
        stall.watch();
        advanceSeconds(16);
        assertEquals(1, stalls);
    }

    @Test
    void whatIsNoLongerWatchedCannotStall() {
        stall.watch();
        stall.clear();
        advanceSeconds(60);
        assertEquals(0, stalls);
    }
}
