package dev.slipstream.bench.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request costs in the engine without the kernel: from the bytes of a client's read to the bytes of the last write
 * to it, on kept connections, HTTP/1.1 both ways, with all that {@link EmbeddedEngine} tells. The embedded channels' own
 * work and a copy of what is read are in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PipelineBench {
    /** Of a stream, its last one and the one with the usage among them. */
    static final int EVENTS = 64;

    private static final String EVENT = "data: {\"id\":\"chatcmpl-BnQ4xHUVpkVYk3ZQ5hG2bqpJmWc5p\","
            + "\"object\":\"chat.completion.chunk\",\"created\":1750000000,\"model\":\"gpt-4o-mini-2024-07-18\","
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" Hello\"},\"logprobs\":null,"
            + "\"finish_reason\":null}],\"usage\":null}\n\n";
    private static final String USAGE = EVENT.replace(
            "\"usage\":null", "\"usage\":{\"prompt_tokens\":108,\"completion_tokens\":79,\"total_tokens\":187}");
    private static final String DONE = "data: [DONE]\n\n";
    private static final String ANSWER = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,"
            + "\"model\":\"upstream-model\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + "An answer of some words. ".repeat(10) + "\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":312,\"completion_tokens\":58,\"total_tokens\":370}}";

    private final EmbeddedEngine engine = new EmbeddedEngine();
    private final ByteBuf chat = request(false);
    private final ByteBuf streamed = request(true);
    private final ByteBuf answer = direct("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: up_1\r\n"
            + "server: upstream\r\ncontent-length: " + ANSWER.length() + "\r\n\r\n" + ANSWER);
    private final ByteBuf head =
            direct("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
                    + "transfer-encoding: chunked\r\n\r\n");
    private final ByteBuf event = direct(chunk(EVENT));
    private final ByteBuf last = direct(chunk(USAGE) + chunk(DONE) + "0\r\n\r\n");

    private static ByteBuf request(boolean stream) {
        StringBuilder body = new StringBuilder("{\"model\":\"" + EmbeddedEngine.MODEL + "\",\"stream\":" + stream
                + ",\"temperature\":0.7,\"max_tokens\":256,\"messages\":[{\"role\":\"system\","
                + "\"content\":\"You are a helpful assistant that answers briefly and precisely.\"}");
        for (int i = 1; i <= 7; i++) {
            body.append(",{\"role\":\"user\",\"content\":\"Please put paragraph ")
                    .append(i)
                    .append(" of the text into one sentence, and say which of its claims you would check first.\"}");
        }
        body.append("]}");
        return direct("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:8080\r\naccept: application/json\r\n"
                + "content-type: application/json\r\nuser-agent: OpenAI/Python 2.8.1\r\nauthorization: Bearer "
                + EmbeddedEngine.KEY + "\r\nx-stainless-lang: python\r\nx-stainless-retry-count: 0\r\ncontent-length: "
                + body.length() + "\r\n\r\n" + body);
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static ByteBuf direct(String text) {
        return Unpooled.directBuffer(text.length()).writeBytes(text.getBytes(US_ASCII));
    }

    /** One of each, to the last byte. */
    @Setup
    public void check() {
        ByteBuf sent = Unpooled.buffer();
        ByteBuf got = Unpooled.buffer();
        engine.fromClient(chat);
        engine.takeFromProvider(sent);
        engine.fromProvider(answer);
        engine.takeFromClient(got);
        String asked = sent.toString(US_ASCII);
        if (!asked.contains("\"model\":\"upstream-model\"") || !asked.contains("Bearer sk-upstream")) {
            throw new IllegalStateException("not the request it should be: " + asked);
        }
        if (!got.toString(US_ASCII).endsWith("\r\n\r\n" + ANSWER)) {
            throw new IllegalStateException("not the answer it should be: " + got.toString(US_ASCII));
        }
        got.clear();
        engine.fromClient(streamed);
        engine.takeFromProvider();
        engine.fromProvider(head);
        engine.fromProvider(event);
        engine.fromProvider(last);
        engine.takeFromClient(got);
        String stream = got.toString(US_ASCII);
        if (!stream.contains(EVENT) || !stream.contains(DONE) || !stream.endsWith("\r\n0\r\n\r\n")) {
            throw new IllegalStateException("not the stream it should be: " + stream);
        }
        if (engine.buffersInUse() != 0) {
            throw new IllegalStateException(engine.buffersInUse() + " buffers are in use");
        }
    }

    @TearDown
    public void release() {
        engine.close();
        chat.release();
        streamed.release();
        answer.release();
        head.release();
        event.release();
        last.release();
    }

    /** A chat of about 1.4 KB, an answer of about 600 B; per request. */
    @Benchmark
    public int chat() {
        engine.fromClient(chat);
        int bytes = engine.takeFromProvider();
        engine.fromProvider(answer);
        return bytes + engine.takeFromClient();
    }

    /** A stream of {@value #EVENTS} events, a read for each; per event, with its share of the request. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int streamedEvent() {
        engine.fromClient(streamed);
        int bytes = engine.takeFromProvider();
        engine.fromProvider(head);
        for (int i = 0; i < EVENTS - 2; i++) {
            engine.fromProvider(event);
            bytes += engine.takeFromClient();
        }
        engine.fromProvider(last);
        return bytes + engine.takeFromClient();
    }

    /** Buffers that are in use between two requests. */
    long buffersInUse() {
        return engine.buffersInUse();
    }
}
