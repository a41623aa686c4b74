package dev.slipstream.bench.micro;

import dev.slipstream.codec.json.UsageScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What reading usage adds: per event of a stream that came in one piece or in two, and per whole answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UsageScanBench {
    private static final String OPENAI_DELTA = "data: {\"id\":\"chatcmpl-BnQ4xHUVpkVYk3ZQ5hG2bqpJmWc5p\","
            + "\"object\":\"chat.completion.chunk\",\"created\":1750000000,\"model\":\"gpt-4o-mini-2024-07-18\","
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" Hello\"},\"logprobs\":null,"
            + "\"finish_reason\":null}],\"usage\":null}\n\n";
    private static final String ANTHROPIC_DELTA = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\","
            + "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" the quick brown fox\"}          }\n\n";
    private static final String USAGE_CHUNK = OPENAI_DELTA.replace(
            "\"usage\":null", "\"usage\":{\"prompt_tokens\":108,\"completion_tokens\":79,\"total_tokens\":187}");
    private static final String WHOLE = "{\"id\":\"chatcmpl-BnQ4xHUVpkVYk3ZQ5hG2bqpJmWc5p\",\"object\":"
            + "\"chat.completion\",\"created\":1750000000,\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"" + "Some words. ".repeat(8)
            + "\",\"refusal\":null},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":108,"
            + "\"completion_tokens\":79,\"total_tokens\":187,\"prompt_tokens_details\":{\"cached_tokens\":64},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}},"
            + "\"system_fingerprint\":\"fp_0123456789\",\"service_tier\":\"default\"}";

    /** Whether the buffers have an array, as test buffers do, or not, as a socket's do. */
    @Param({"true", "false"})
    public boolean direct;

    private final UsageScanner stream = new UsageScanner();
    private final UsageScanner answer = new UsageScanner();
    private ByteBuf openAi = Unpooled.EMPTY_BUFFER;
    private ByteBuf anthropic = Unpooled.EMPTY_BUFFER;
    private ByteBuf usageChunk = Unpooled.EMPTY_BUFFER;
    private ByteBuf firstHalf = Unpooled.EMPTY_BUFFER;
    private ByteBuf secondHalf = Unpooled.EMPTY_BUFFER;
    private ByteBuf whole = Unpooled.EMPTY_BUFFER;

    @Setup
    public void fill() {
        openAi = buffer(OPENAI_DELTA);
        anthropic = buffer(ANTHROPIC_DELTA);
        usageChunk = buffer(USAGE_CHUNK);
        firstHalf = buffer(OPENAI_DELTA.substring(0, 120));
        secondHalf = buffer(OPENAI_DELTA.substring(120));
        whole = buffer(WHOLE);
        stream.reset(UsageScanner.Mode.EVENTS);
    }

    @TearDown
    public void release() {
        openAi.release();
        anthropic.release();
        usageChunk.release();
        firstHalf.release();
        secondHalf.release();
        whole.release();
    }

    @Benchmark
    public long openAiDelta() {
        stream.feed(openAi);
        return stream.events();
    }

    @Benchmark
    public long openAiDeltaInTwo() {
        stream.feed(firstHalf);
        stream.feed(secondHalf);
        return stream.events();
    }

    @Benchmark
    public long openAiUsageChunk() {
        stream.feed(usageChunk);
        return stream.promptTokens();
    }

    @Benchmark
    public long anthropicDelta() {
        stream.feed(anthropic);
        return stream.events();
    }

    @Benchmark
    public long wholeAnswer() {
        answer.reset(UsageScanner.Mode.WHOLE);
        answer.feed(whole);
        answer.finish();
        return answer.promptTokens();
    }

    private ByteBuf buffer(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        ByteBuf buffer = direct ? allocator.directBuffer(bytes.length) : allocator.heapBuffer(bytes.length);
        return buffer.writeBytes(bytes);
    }
}
