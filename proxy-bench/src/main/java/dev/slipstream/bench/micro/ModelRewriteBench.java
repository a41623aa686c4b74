package dev.slipstream.bench.micro;

import dev.slipstream.codec.json.JsonFieldScanner;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.ModelRewriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a chat body of about 1.4 KB costs to be scanned, and to have its model rewritten, in direct pooled memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ModelRewriteBench {
    private final byte[] sameLength = "\"gpt-4o-nano\"".getBytes(StandardCharsets.UTF_8);
    private final byte[] longer = "\"gpt-4o-mini-2024-07-18\"".getBytes(StandardCharsets.UTF_8);
    private final JsonFieldScanner scanner = new JsonFieldScanner(128);
    private final ModelRewriter rewriter = new ModelRewriter();
    private final ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(JsonBodies.chat());
    private final ModelRewriter.Output output = this::count;
    private long bytesOut;

    @Setup
    public void check() {
        if (scan() != JsonStatus.COMPLETE || scanner.modelEnd() - scanner.modelStart() != sameLength.length) {
            throw new IllegalStateException("not the body it should be: " + scanner.detail());
        }
    }

    @TearDown
    public void tearDown() {
        body.release();
    }

    @Benchmark
    public JsonStatus scan() {
        scanner.reset();
        scanner.feed(body);
        return scanner.finish();
    }

    /** In place: the name fits, and nobody else holds the bytes (the benchmark alone sees both views). */
    @Benchmark
    public long scanAndOverwrite() {
        scan();
        rewriter.reset();
        rewriter.replace(scanner.modelStart(), scanner.modelEnd(), sameLength);
        rewriter.take(body.retainedDuplicate(), true, output);
        return bytesOut;
    }

    /** Three pieces: what stands before, the name, what stands behind. */
    @Benchmark
    public long scanAndSplice() {
        scan();
        rewriter.reset();
        rewriter.replace(scanner.modelStart(), scanner.modelEnd(), longer);
        rewriter.take(body.retainedDuplicate(), output);
        return bytesOut;
    }

    private void count(ByteBuf piece) {
        bytesOut += piece.readableBytes();
        piece.release();
    }
}
