package dev.slipstream.bench.micro;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeadParser;
import dev.slipstream.codec.http1.HeadResult;
import dev.slipstream.codec.http1.HeadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
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

/**
 * What it costs to read the head of a chat request of 1.4 KB with ten fields, as the Python client sends it, and to
 * write it again. {@code netty} includes the embedded channel, which is the least a channel handler can run in, and
 * the objects of the body, which our side does not have; it is a bound for the whole decoder, not for its parsing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HeadParserBench {
    private static final int BODY_BYTES = 1000;
    private static final int MAX_TARGET_BYTES = 8 * 1024;
    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int MAX_FIELDS = 200;

    private static final String HEAD = String.join(
            "\r\n",
            "POST /v1/chat/completions HTTP/1.1",
            "Host: llm-gateway.internal.example:8080",
            "Accept: application/json",
            "Accept-Encoding: gzip, deflate",
            "Connection: keep-alive",
            "Content-Type: application/json",
            "User-Agent: OpenAI/Python 2.8.1",
            "Authorization: Bearer sk-proj-0123456789abcdefghijklmnopqrstuvwxyz0123456789ab",
            "X-Stainless-Lang: python",
            "X-Stainless-Retry-Count: 0",
            "Content-Length: " + BODY_BYTES,
            "",
            "");

    private final HeadParser parser = HeadParser.ofRequests(MAX_TARGET_BYTES, MAX_HEAD_BYTES, MAX_FIELDS);
    private final FlatHead head = new FlatHead();
    private final FlatHead parsed = new FlatHead();
    private final ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(HEAD.length() + BODY_BYTES);
    private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
    private final EmbeddedChannel netty = new EmbeddedChannel(new HttpRequestDecoder());

    @Setup
    public void fill() {
        in.writeCharSequence(HEAD + "x".repeat(BODY_BYTES), StandardCharsets.US_ASCII);
        if (parser.parse(in.duplicate(), parsed) != HeadResult.COMPLETE) {
            throw new IllegalStateException(parser.detail());
        }
    }

    @TearDown
    public void release() {
        in.release();
        out.release();
        netty.finishAndReleaseAll();
    }

    /** The head alone: the body stays where it is. */
    @Benchmark
    public FlatHead ours() {
        head.reset();
        in.readerIndex(0);
        if (parser.parse(in, head) != HeadResult.COMPLETE) {
            throw new IllegalStateException(parser.detail());
        }
        return head;
    }

    /** All fields of a parsed head into a buffer. */
    @Benchmark
    public ByteBuf oursWritten() {
        out.clear();
        HeadWriter.statusLine(out, 200);
        for (int i = 0; i < parsed.fieldCount(); i++) {
            HeadWriter.copyField(out, parsed, i);
        }
        HeadWriter.end(out);
        return out;
    }

    /** Head and body through the decoder: three messages, which are released. */
    @Benchmark
    public int netty() {
        in.readerIndex(0);
        netty.writeInbound(in.retainedDuplicate());
        int messages = 0;
        Object message = netty.readInbound();
        while (message != null) {
            ReferenceCountUtil.release(message);
            messages++;
            message = netty.readInbound();
        }
        return messages;
    }
}
