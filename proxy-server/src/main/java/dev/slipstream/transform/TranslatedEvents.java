package dev.slipstream.transform;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.sse.SseListener;
import dev.slipstream.codec.sse.SseScanner;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.codec.translate.StreamTranslator;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A provider's stream of events in the client's dialect. Nothing is held but an event that has not ended yet, up to
 * {@value #MAX_EVENT_BYTES} bytes: some providers send all the arguments of a tool in one.
 */
final class TranslatedEvents implements AnswerTransform {
    /** Data of one event. */
    static final int MAX_EVENT_BYTES = 4 * 1024 * 1024;

    private static final int FIRST_PENDING_BYTES = 1024;
    private static final byte[] ERROR = "error".getBytes(US_ASCII);
    private static final byte[] NOTHING = {};

    private final byte[] scratch;
    private final SseScanner sse = new SseScanner();
    private final EventReader reader = new EventReader();
    private final ProviderError tooLarge = new ProviderError();

    private final StreamTranslator translator;
    private JsonOutput out;
    private Progress progress = Progress.MORE;
    private byte[] pending = NOTHING;
    private int pendingBytes;
    private boolean overflow;
    private long events;

    /** @param scratch of the loop, in use during a call alone */
    TranslatedEvents(StreamTranslator translator, byte[] scratch, JsonOutput out) {
        this.translator = translator;
        this.scratch = scratch;
        this.out = out;
    }

    @Override
    public Progress onData(ByteBuf data, JsonOutput out) {
        this.out = out;
        try {
            if (progress == Progress.MORE) {
                sse.feed(data, scratch, reader);
            }
        } finally {
            data.release();
        }
        return progress;
    }

    @Override
    public Progress onEnd(JsonOutput out) {
        this.out = out;
        if (progress == Progress.MORE) {
            sse.finish(reader);
        }
        if (progress == Progress.MORE && pendingBytes > 0) {
            // The standard throws an event without its blank line away; providers that end so exist.
            event(pending, 0, pendingBytes);
        }
        if (progress == Progress.MORE) {
            progress = translator.onEnd(out);
        }
        return progress;
    }

    /** Takes the data of events; a class of its own, so that the scanner's callbacks are not in the interface here. */
    private final class EventReader implements SseListener {
        private boolean told;

        @Override
        public void data(byte[] bytes, int from, int to, boolean whole) {
            if (whole) {
                told = true;
                event(bytes, from, to);
            } else {
                keep(bytes, from, to);
            }
        }

        @Override
        public void eventEnd(boolean hasData, long position) {
            if (hasData) {
                events++;
                if (!told) {
                    event(pending, 0, pendingBytes);
                }
            }
            told = false;
            pendingBytes = 0;
        }
    }

    private void event(byte[] bytes, int from, int to) {
        if (progress != Progress.MORE) {
            // Behind the end nothing is of interest.
            return;
        }
        if (overflow) {
            progress = Progress.FAILED;
            return;
        }
        progress = translator.onEvent(sse.nameIs(ERROR) ? "error" : "", bytes, from, to, out);
    }

    private void keep(byte[] bytes, int from, int to) {
        int needed = pendingBytes + to - from;
        if (needed > MAX_EVENT_BYTES) {
            overflow = true;
            tooLarge.set(502, "The provider sent an event of more than " + MAX_EVENT_BYTES + " bytes.", null);
            progress = Progress.FAILED;
            return;
        }
        if (needed > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(Math.max(needed, FIRST_PENDING_BYTES), pending.length * 2));
        }
        System.arraycopy(bytes, from, pending, pendingBytes, to - from);
        pendingBytes = needed;
    }

    @Override
    public boolean isEvents() {
        return true;
    }

    @Override
    public int status() {
        return 200;
    }

    @Override
    public ProviderError error() {
        return overflow ? tooLarge : translator.error();
    }

    @Override
    public void fail(ProviderError error, String requestId, JsonOutput out) {
        translator.fail(error, requestId, out);
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public void release() {
        pending = NOTHING;
        pendingBytes = 0;
    }
}
