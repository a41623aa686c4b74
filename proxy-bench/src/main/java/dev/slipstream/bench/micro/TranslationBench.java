package dev.slipstream.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.ChatToMessages;
import dev.slipstream.codec.translate.ChunksToMessageEvents;
import dev.slipstream.codec.translate.CompletionToMessage;
import dev.slipstream.codec.translate.MessageEventsToChunks;
import dev.slipstream.codec.translate.MessageToCompletion;
import dev.slipstream.codec.translate.MessagesToChat;
import dev.slipstream.codec.translate.ProviderTraits;
import dev.slipstream.codec.translate.StreamTranslator;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import dev.slipstream.codec.translate.TranslatedRequest;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What translation costs by itself, each with its reading of the JSON: a request, a whole answer, an event of a stream.
 * Translators are reused, as far as they can be, and bodies are arrays.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TranslationBench {
    /** Of a stream, those that begin and end it among them. */
    static final int EVENTS = 64;

    /** The dialect that is translated from. */
    @Param
    public Dialect from = Dialect.OPENAI;

    private static final String MODEL = "\"upstream-model\"";
    private static final String ID = "req_0123456789abcdef";
    private static final long CREATED_SECONDS = 1_750_000_000L;

    private final JsonTree tree = new JsonTree();
    private final JsonOutput out = new JsonOutput();
    private final byte[] modelJson = MODEL.getBytes(UTF_8);
    private final MessagesToChat messagesToChat = new MessagesToChat();
    private final ChatToMessages chatToMessages = new ChatToMessages();
    private final CompletionToMessage completionToMessage = new CompletionToMessage();
    private final MessageToCompletion messageToCompletion = new MessageToCompletion();
    private final TranslatedRequest request = new TranslatedRequest();
    private StreamTranslator translator = new ChunksToMessageEvents();
    private byte[] chat = {};
    private byte[] tools = {};
    private byte[] answer = {};
    private byte[] first = {};
    private byte[] delta = {};
    private byte[] last = {};
    private byte[] end = {};

    /** One of each, to the end. */
    @Setup
    public void fill() {
        boolean isOpenAi = from == Dialect.OPENAI;
        translator = isOpenAi ? new ChunksToMessageEvents() : new MessageEventsToChunks();
        chat = DialectBodies.chat(from).getBytes(UTF_8);
        tools = DialectBodies.tools(from).getBytes(UTF_8);
        answer = DialectBodies.answer(from).getBytes(UTF_8);
        String[] events = DialectBodies.events(from);
        first = events[0].getBytes(UTF_8);
        delta = events[1].getBytes(UTF_8);
        last = events[2].getBytes(UTF_8);
        end = events[3].getBytes(UTF_8);
        check(chat(), "Please put paragraph 7");
        check(conversationWithTools(), "get_weather");
        check(wholeAnswer(), "An answer of some words.");
        out.reset(false);
        stream(true);
        check(out.length(), isOpenAi ? "message_stop" : "[DONE]");
        if (deltas() != EVENTS - 3) {
            throw new IllegalStateException(deltas() + " deltas instead of " + (EVENTS - 3));
        }
    }

    /** As often as the provider said it in deltas. */
    private int deltas() {
        String text = new String(out.bytes(), 0, out.length(), UTF_8);
        return text.split("\" Hello\"", -1).length - 1;
    }

    private void check(int bytes, String part) {
        String text = new String(out.bytes(), 0, bytes, UTF_8);
        if (!text.contains(part)) {
            throw new IllegalStateException("not the translation it should be: " + text);
        }
    }

    /** A chat of about 1 KB; bytes of the translated one. */
    @Benchmark
    public int chat() {
        return request(chat);
    }

    /** Ten tools and a conversation in which two were called at once, about 6 KB. */
    @Benchmark
    public int conversationWithTools() {
        return request(tools);
    }

    private int request(byte[] body) {
        read(body);
        out.reset(false);
        request.reset();
        boolean translated = from == Dialect.OPENAI
                ? chatToMessages.translate(tree, ProviderTraits.ANTHROPIC, modelJson, out, request)
                : messagesToChat.translate(tree, ProviderTraits.OPENAI, modelJson, out, request);
        if (!translated) {
            throw new IllegalStateException(request.refusedField() + ": " + request.refusal());
        }
        return out.length();
    }

    private void read(byte[] body) {
        tree.reset();
        tree.append(body, 0, body.length);
        if (tree.parse() != JsonStatus.COMPLETE) {
            throw new IllegalStateException("no JSON");
        }
    }

    /** An answer of about 600 B; bytes of the translated one. */
    @Benchmark
    public int wholeAnswer() {
        read(answer);
        out.reset(false);
        boolean translated = from == Dialect.OPENAI
                ? completionToMessage.translate(tree, request, ID, out)
                : messageToCompletion.translate(tree, request, ID, CREATED_SECONDS, out);
        if (!translated) {
            throw new IllegalStateException(
                    from == Dialect.OPENAI
                            ? completionToMessage.error().message()
                            : messageToCompletion.error().message());
        }
        return out.length();
    }

    /** A stream of {@value #EVENTS} events, per event; bytes of what the last one came to. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int streamedEvent() {
        return stream(false);
    }

    private int stream(boolean keepsAll) {
        translator.start(request, ID, CREATED_SECONDS);
        event(first, Progress.MORE, keepsAll);
        for (int i = 0; i < EVENTS - 3; i++) {
            event(delta, Progress.MORE, keepsAll);
        }
        event(last, Progress.MORE, keepsAll);
        event(end, Progress.DONE, keepsAll);
        return out.length();
    }

    private void event(byte[] data, Progress expected, boolean keepsAll) {
        if (!keepsAll) {
            out.reset(false);
        }
        Progress progress = translator.onEvent("", data, 0, data.length, out);
        if (progress != expected) {
            throw new IllegalStateException(progress + " instead of " + expected);
        }
    }
}
