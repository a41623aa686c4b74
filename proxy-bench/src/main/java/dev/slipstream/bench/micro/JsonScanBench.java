package dev.slipstream.bench.micro;

import dev.slipstream.codec.json.JsonFieldScanner;
import dev.slipstream.codec.json.JsonStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Scan of whole request bodies from direct pooled memory, the model last. The counter {@code gigabytes} is GB (10^9
 * bytes) per second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonScanBench {
    /** What is scanned. */
    public enum Body {
        PROSE_1M,
        TOOLS_64K,
        TOOLS_64K_PRETTY
    }

    /** Bytes scanned, as JMH wants it: a field that it reads after each iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Volume {
        public double gigabytes;

        @Setup(Level.Iteration)
        public void clear() {
            gigabytes = 0;
        }
    }

    @Param({"PROSE_1M", "TOOLS_64K", "TOOLS_64K_PRETTY"})
    public Body body = Body.PROSE_1M;

    /** Size of the pieces the body comes in; 0 is in one. */
    @Param({"0", "16384"})
    public int pieceBytes;

    private final JsonFieldScanner scanner = new JsonFieldScanner(128);
    private ByteBuf[] pieces = {};
    private int bodyBytes;

    @Setup
    public void setUp() {
        byte[] bytes = switch (body) {
            case PROSE_1M -> JsonBodies.prose(1 << 20);
            case TOOLS_64K -> JsonBodies.tools(1 << 16, false);
            case TOOLS_64K_PRETTY -> JsonBodies.tools(1 << 16, true);
        };
        bodyBytes = bytes.length;
        int size = pieceBytes == 0 ? bodyBytes : pieceBytes;
        pieces = new ByteBuf[(bodyBytes + size - 1) / size];
        for (int i = 0; i < pieces.length; i++) {
            int length = Math.min(size, bodyBytes - i * size);
            pieces[i] = PooledByteBufAllocator.DEFAULT.directBuffer(length).writeBytes(bytes, i * size, length);
        }
        if (scan() != JsonStatus.COMPLETE || !scanner.modelSeen()) {
            throw new IllegalStateException("the body is not scanned to its end: " + scanner.detail());
        }
    }

    @TearDown
    public void tearDown() {
        for (ByteBuf piece : pieces) {
            piece.release();
        }
    }

    @Benchmark
    public long wholeBody(Volume volume) {
        scan();
        volume.gigabytes += bodyBytes / 1e9;
        return scanner.modelEnd();
    }

    private JsonStatus scan() {
        scanner.reset();
        for (ByteBuf piece : pieces) {
            scanner.feed(piece);
        }
        return scanner.finish();
    }
}
