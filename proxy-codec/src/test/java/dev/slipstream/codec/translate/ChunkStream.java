package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.sse.SseListener;
import dev.slipstream.codec.sse.SseScanner;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Runs a provider's stream of chunks through the translator, as a server would. */
final class ChunkStream implements SseListener {
    /** What a stream came to; {@code text} is what the client got. */
    record Outcome(String text, Progress progress, ProviderError error) {
        AnthropicStream read() {
            return AnthropicStream.of(text);
        }
    }

    static final String REQUEST_ID = "req_1";
    private static final byte[] ERROR = "error".getBytes(US_ASCII);

    private final SseScanner scanner = new SseScanner();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final JsonOutput out = new JsonOutput();
    private final StreamTranslator translator;
    private Progress progress = Progress.MORE;

    private ChunkStream(StreamTranslator translator, TranslatedRequest request) {
        this.translator = translator;
        translator.start(request, "made-up", 1_700_000_000);
    }

    static TranslatedRequest request() {
        TranslatedRequest request = new TranslatedRequest();
        request.setModel("asked");
        request.setInputEstimate(7);
        return request;
    }

    /** The data of events, each on its own; the body ends behind them. */
    static Outcome of(String... events) {
        return of(request(), events);
    }

    static Outcome of(TranslatedRequest request, String... events) {
        return bytes(new ChunksToMessageEvents(), request, sse(List.of(events)));
    }

    static byte[] sse(List<String> events) {
        StringBuilder body = new StringBuilder();
        for (String event : events) {
            body.append("data: ").append(event).append("\n\n");
        }
        return body.toString().getBytes(UTF_8);
    }

    /** A body, cut at {@code cuts}. Where it fails behind its start, the error event follows. */
    static Outcome bytes(StreamTranslator translator, TranslatedRequest request, byte[] body, int... cuts) {
        ChunkStream stream = new ChunkStream(translator, request);
        int from = 0;
        for (int cut : cuts) {
            stream.scanner.feed(body, from, cut, stream);
            from = cut;
        }
        stream.scanner.feed(body, from, body.length, stream);
        stream.scanner.finish(stream);
        return stream.end();
    }

    private Outcome end() {
        if (progress == Progress.MORE) {
            int length = out.length();
            progress = translator.onEnd(out);
            if (progress == Progress.FAILED && out.length() != length) {
                throw new AssertionError("a failure appended something");
            }
        }
        if (progress == Progress.MORE) {
            throw new AssertionError("an end that is none");
        }
        if (progress == Progress.FAILED && translator.isStarted()) {
            translator.fail(translator.error(), REQUEST_ID, out);
        }
        return new Outcome(new String(out.bytes(), 0, out.length(), UTF_8), progress, translator.error());
    }

    @Override
    public void data(byte[] bytes, int from, int to, boolean whole) {
        data.write(bytes, from, to - from);
    }

    @Override
    public void eventEnd(boolean hasData, long position) {
        if (hasData && progress == Progress.MORE) {
            int length = out.length();
            String name = scanner.nameIs(ERROR) ? "error" : "";
            // Not at the array's edges: offsets must be heeded.
            byte[] lent = ("[" + data.toString(ISO_8859_1) + "]").getBytes(ISO_8859_1);
            progress = translator.onEvent(name, lent, 1, lent.length - 1, out);
            if (progress == Progress.FAILED && out.length() != length) {
                throw new AssertionError("a failure appended something");
            }
            if (progress != Progress.FAILED && translator.isStarted() != (out.length() > 0)) {
                throw new AssertionError("started: " + translator.isStarted() + ", " + out.length() + " bytes");
            }
        }
        data.reset();
    }
}
