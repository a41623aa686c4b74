package dev.slipstream.transform;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.sse.SseListener;
import dev.slipstream.codec.sse.SseScanner;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.codec.translate.StreamTranslator;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;

/**
 * A provider's stream of events in the client's dialect. Nothing is held but an event that has not ended yet, and what the
 * translator cannot tell yet.
 */
final class TranslatedEvents implements AnswerTransform {
    private static final byte[] ERROR = "error".getBytes(US_ASCII);

    private final byte[] scratch;
    private final SseScanner sse = new SseScanner();
    private final EventReader reader = new EventReader();
    private final ProviderError tooLarge = new ProviderError();

    private final StreamTranslator translator;
    private JsonOutput out;
    private Progress progress = Progress.MORE;
    private final HeapCharge charge;
    private final EventBytes pending;
    /** What the translator holds back, as it was charged. */
    private int heldBytes;

    private boolean overflow;

    /** @param scratch of the loop, in use during a call alone */
    TranslatedEvents(StreamTranslator translator, ByteBudget eventBytes, byte[] scratch, JsonOutput out) {
        this.charge = new HeapCharge(eventBytes);
        this.pending = new EventBytes(charge);
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
        if (progress == Progress.MORE && pending.length() > 0) {
            // The standard throws an event without its blank line away; providers that end so exist.
            event(pending.bytes(), 0, pending.length());
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
            if (hasData && !told) {
                event(pending.bytes(), 0, pending.length());
            }
            told = false;
            pending.dropFirst(pending.length());
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
        int held = translator.heldBytes();
        if (held != heldBytes) {
            charge(held);
        }
    }

    private void charge(int held) {
        if (charge.add(held - heldBytes)) {
            heldBytes = held;
        } else {
            // This event has been told; the next one fails the stream.
            tooMuch();
        }
    }

    private void tooMuch() {
        overflow = true;
        tooLarge.set(502, "The provider sent an event, or calls of tools, too large to be held.", null);
    }

    private void keep(byte[] bytes, int from, int to) {
        if (!overflow && !pending.append(bytes, from, to)) {
            tooMuch();
            progress = Progress.FAILED;
        }
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
    public void release() {
        pending.release();
        charge.release();
    }
}
