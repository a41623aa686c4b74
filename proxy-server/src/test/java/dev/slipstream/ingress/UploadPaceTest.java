package dev.slipstream.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Loop;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.upstream.ConnectionSettings;
import dev.slipstream.upstream.SharedPools;
import dev.slipstream.upstream.UpstreamPools;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UploadPaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = -5 * SECOND;

    private final UploadPace pace = new UploadPace();

    @Test
    void everyUploadHasItsGraceForNothing() {
        pace.start(START, 0, 1024);
        assertEquals(10 * SECOND, pace.nanosLeft(START, 0));
        assertEquals(1, pace.nanosLeft(START + 10 * SECOND - 1, 0));
        assertEquals(0, pace.nanosLeft(START + 10 * SECOND, 0));
    }

    @Test
    void bytesEarnTime() {
        pace.start(START, 0, 1024);
        assertEquals(5 * SECOND, pace.nanosLeft(START + 10 * SECOND, 5 * 1024));
        assertEquals(0, pace.nanosLeft(START + 15 * SECOND, 5 * 1024));
        assertTrue(pace.nanosLeft(START + 15 * SECOND, Long.MAX_VALUE) > UploadPace.FOREVER / 2);
    }

    @Test
    void theTotalHoldsHoweverMuchCame() {
        pace.start(START, 20 * SECOND, 1024);
        assertEquals(10 * SECOND, pace.nanosLeft(START + 10 * SECOND, 1 << 30));
        assertEquals(0, pace.nanosLeft(START + 20 * SECOND, 1 << 30));
    }

    @Test
    void offIsOff() {
        pace.start(START, 0, 0);
        assertEquals(UploadPace.FOREVER, pace.nanosLeft(START + 1_000 * SECOND, 0));
        pace.start(START, 20 * SECOND, 0);
        assertEquals(5 * SECOND, pace.nanosLeft(START + 15 * SECOND, 0));
    }

    @Test
    void timeInWhichNobodyReadsDoesNotCount() {
        pace.start(START, 0, 1024);
        pace.pause(START + 4 * SECOND);
        assertEquals(6 * SECOND, pace.nanosLeft(START + 50 * SECOND, 0));
        pace.pause(START + 60 * SECOND);
        pace.resume(START + 104 * SECOND);
        pace.resume(START + 105 * SECOND);
        assertEquals(6 * SECOND, pace.nanosLeft(START + 104 * SECOND, 0));
        assertEquals(0, pace.nanosLeft(START + 110 * SECOND, 0));
    }

    @Test
    void aBodyThatDripsIsRefusedAndOneThatKeepsTheRateIsNot() {
        assertTrue(statusAfter(30, 100).startsWith("HTTP/1.1 408 "));
        assertFalse(statusAfter(30, 1100).startsWith("HTTP/1.1 408 "));
    }

    /** What a client is told that sends {@code bytesPerSecond} of a body for {@code seconds}; empty where nothing. */
    private static String statusAfter(int seconds, int bytesPerSecond) {
        LoadResult result = ConfigLoader.fromText("pace.yaml", """
                providers: { p: { base_url: "http://127.0.0.1:1/v1", dialect: openai } }
                models: [ { name: m, targets: [ { provider: p } ] } ]
                """, Map.of(), Overrides.none());
        SlipstreamConfig config = ((LoadResult.Loaded) result).config();
        CurrentConfig current = new CurrentConfig(ConfigSnapshot.of(config));
        Limits limits = Limits.of(config.limits());
        long[] now = {START};
        EmbeddedChannel channel = new EmbeddedChannel();
        Loop loop = new Loop(
                0, channel.eventLoop(), () -> now[0], UnpooledByteBufAllocator.DEFAULT, new Metrics().forLoop(0));
        SharedPools shared = new SharedPools(current.snapshot().routes().providers(), 1);
        UpstreamPools pools = new UpstreamPools(
                loop,
                shared,
                (anyLoop, key, outcome) -> {
                    throw new AssertionError("no body here is ever complete");
                },
                new ConnectionSettings(8192, 100, 65_535));
        ExchangePool exchanges = new ExchangePool(loop, 64);
        new ProxyPipeline(loop, exchanges, current, limits, pools).addTo(channel);
        channel.pipeline().fireChannelActive();
        channel.writeInbound(
                ascii("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 999999\r\n\r\n{\"a\":\""));
        for (int i = 0; i < seconds && channel.isOpen(); i++) {
            now[0] += SECOND;
            channel.writeInbound(ascii("x".repeat(bytesPerSecond)));
            loop.timers().poll();
            channel.runPendingTasks();
        }
        ByteBuf out = channel.readOutbound();
        String status = out == null ? "" : out.toString(StandardCharsets.US_ASCII);
        if (out != null) {
            out.release();
        }
        channel.finishAndReleaseAll();
        assertEquals(0, exchanges.inUse());
        return status;
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
