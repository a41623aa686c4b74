package dev.slipstream.bench.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.sse.SseListener;
import dev.slipstream.codec.sse.SseScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to find the events of a stream from direct pooled memory, a read for each event and one for 64 of them; operations are
 * events. The counter {@code gigabytes} is GB (10^9 bytes) per second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SseScanBench {
    /** Of a batch. */
    static final int EVENTS = 64;

    private static final int SCRATCH_BYTES = 4096;

    /** Whose events. */
    public enum Kind {
        /** About 260 B of data alone. */
        OPENAI,
        /** About 120 B behind a name. */
        ANTHROPIC;

        String text() {
            return switch (this) {
                case OPENAI ->
                    "data: {\"id\":\"chatcmpl-BnQ4xHUVpkVYk3ZQ5hG2bqpJmWc5p\",\"object\":\"chat.completion.chunk\","
                            + "\"created\":1750000000,\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"index\":0,"
                            + "\"delta\":{\"content\":\" Hello\"},\"logprobs\":null,\"finish_reason\":null}],"
                            + "\"usage\":null}\n\n";
                case ANTHROPIC ->
                    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                            + "\"delta\":{\"type\":\"text_delta\",\"text\":\" the quick brown\"}}\n\n";
            };
        }
    }

    @Param({"OPENAI", "ANTHROPIC"})
    public Kind kind = Kind.OPENAI;

    private final SseScanner scanner = new SseScanner();
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final Counts counts = new Counts();
    private ByteBuf event = Unpooled.EMPTY_BUFFER;
    private ByteBuf batch = Unpooled.EMPTY_BUFFER;

    private static final class Counts implements SseListener {
        private long events;
        private long dataBytes;

        @Override
        public void data(byte[] bytes, int from, int to, boolean whole) {
            dataBytes += to - from;
        }

        @Override
        public void eventEnd(boolean hasData, long position) {
            events++;
        }
    }

    @Setup
    public void fill() {
        String text = kind.text();
        event = direct(text);
        batch = direct(text.repeat(EVENTS));
        JsonScanBench.Volume unused = new JsonScanBench.Volume();
        oneByOne(unused);
        batch(unused);
        int data = text.length() - text.indexOf("data: ") - "data: \n\n".length();
        if (counts.events != 2 * EVENTS || counts.dataBytes != 2L * EVENTS * data) {
            throw new IllegalStateException(counts.events + " events with " + counts.dataBytes + " bytes of data");
        }
    }

    private static ByteBuf direct(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(text.length()).writeBytes(text.getBytes(US_ASCII));
    }

    @TearDown
    public void release() {
        event.release();
        batch.release();
    }

    /** A read for each event. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long oneByOne(JsonScanBench.Volume volume) {
        for (int i = 0; i < EVENTS; i++) {
            scanner.feed(event, scratch, counts);
        }
        volume.gigabytes += batch.readableBytes() / 1e9;
        return counts.dataBytes;
    }

    /** One read for all. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long batch(JsonScanBench.Volume volume) {
        scanner.feed(batch, scratch, counts);
        volume.gigabytes += batch.readableBytes() / 1e9;
        return counts.dataBytes;
    }
}
