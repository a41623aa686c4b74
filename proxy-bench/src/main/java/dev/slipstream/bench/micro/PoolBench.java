package dev.slipstream.bench.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.upstream.StreamRequester;
import dev.slipstream.upstream.UpstreamListener;
import dev.slipstream.upstream.UpstreamPool;
import dev.slipstream.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

/**
 * What it costs to get a kept HTTP/1.1 connection from the pool and to leave it there again. A connection is given back by
 * the end of an answer and by nothing else: so the reading of the shortest answer there is, 38 bytes, is in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PoolBench {
    private final EmbeddedEngine engine = new EmbeddedEngine();
    private final UpstreamPool pool = engine.pool();
    private final Client client = new Client();
    private final ByteBuf answer =
            Unpooled.directBuffer().writeBytes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(US_ASCII));

    /** Asks, and sends nothing; counts what it is told. */
    private static final class Client implements StreamRequester, UpstreamListener {
        private int reused;
        private int answers;

        @Override
        public void onStream(UpstreamStream stream, boolean reused) {
            this.reused += reused ? 1 : 0;
            stream.listen(this);
            stream.writeEnd();
        }

        @Override
        public void onNoStream(FailureKind kind, String detail) {
            throw new IllegalStateException(kind + ": " + detail);
        }

        @Override
        public void onUpstreamHead(FlatHead head, BodyFraming framing) {}

        @Override
        public void onUpstreamData(ByteBuf data) {
            data.release();
        }

        @Override
        public void onUpstreamEnd() {
            answers++;
        }

        @Override
        public void onUpstreamFailure(FailureKind kind, String detail) {
            throw new IllegalStateException(kind + ": " + detail);
        }

        @Override
        public void onUpstreamWritability(boolean writable) {}
    }

    /** Opens the connection. */
    @Setup
    public void open() {
        pool.acquire(client);
        engine.runTasks();
        engine.fromProvider(answer);
        if (acquireAndRelease() != 2 || client.reused != 1) {
            throw new IllegalStateException("the pool did not keep its connection");
        }
    }

    @TearDown
    public void release() {
        engine.close();
        answer.release();
    }

    @Benchmark
    public int acquireAndRelease() {
        pool.acquire(client);
        engine.fromProvider(answer);
        return client.answers;
    }
}
