package dev.slipstream.codec.json;

import dev.slipstream.codec.sse.SseListener;
import dev.slipstream.codec.sse.SseScanner;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Reads token usage out of an answer as it passes, whole or streamed, in either dialect, any split. Never fails: what
 * it cannot read it leaves unknown. Borrows every buffer and leaves its indices alone.
 *
 * <p>Figures of a document count when it is complete: a whole answer's at {@link #finish}, an event's at its end; a
 * malformed document is passed over. Figures that come again replace those before.
 *
 * <h2>Cost</h2>
 * Nothing is allocated after construction, but once a thread. Data of an event that came in one piece are first searched for the few
 * words without which they cannot matter, and nearly all are done with that.
 */
public final class UsageScanner {
    /** How the answer is to be read. */
    public enum Mode {
        /** Nothing is read. */
        OFF,
        /** One JSON document. */
        WHOLE,
        /** Server-sent events whose data are JSON documents. */
        EVENTS
    }

    /** A figure that was not sent. */
    public static final long UNKNOWN = -1;

    /** Windows of this many bytes are copied out of buffers that have no array. */
    private static final int SCRATCH_BYTES = 2048;

    /** The thread's, and in use only during {@link #feed}: each of thousands of open streams has a scanner. */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[SCRATCH_BYTES];
        }
    };

    private final UsageFigures figures = new UsageFigures();
    private final UsageDocument document = new UsageDocument(figures);
    private final SseScanner sse = new SseScanner();
    private final EventReader reader = new EventReader();

    private Mode mode = Mode.OFF;
    private long events;
    private boolean ended;

    /** Makes ready for the next answer. */
    public void reset(Mode mode) {
        this.mode = mode;
        events = 0;
        ended = false;
        figures.reset();
        document.reset();
        sse.reset();
    }

    /** The answer's next bytes. */
    public void feed(ByteBuf piece) {
        switch (mode) {
            case EVENTS -> sse.feed(piece, SCRATCH.get(), reader);
            case WHOLE -> feedWhole(piece);
            case OFF -> {}
        }
    }

    private void feedWhole(ByteBuf piece) {
        int at = piece.readerIndex();
        int length = piece.readableBytes();
        if (piece.hasArray()) {
            int from = piece.arrayOffset() + at;
            document.feed(piece.array(), from, from + length);
            return;
        }
        byte[] scratch = SCRATCH.get();
        while (length > 0) {
            int step = Math.min(length, scratch.length);
            piece.getBytes(at, scratch, 0, step);
            document.feed(scratch, 0, step);
            at += step;
            length -= step;
        }
    }

    /** The answer has ended. */
    public void finish() {
        switch (mode) {
            case EVENTS -> {
                sse.finish(reader);
                // The standard throws an event without its blank line away; servers that end so exist.
                ended |= document.end();
            }
            case WHOLE -> document.end();
            case OFF -> {}
        }
    }

    /** All input tokens, cached ones included (Anthropic: input + cache read + cache creation), or {@link #UNKNOWN}. */
    public long promptTokens() {
        return figures.prompt();
    }

    /** All output tokens, reasoning included, or {@link #UNKNOWN}. */
    public long completionTokens() {
        return figures.completion();
    }

    /** Input tokens read from the provider's cache, or {@link #UNKNOWN}. */
    public long cachedTokens() {
        return figures.cached();
    }

    /** Output tokens spent on reasoning, or {@link #UNKNOWN}. */
    public long reasoningTokens() {
        return figures.reasoning();
    }

    /** {@link Mode#EVENTS}: events with data that were complete so far. */
    public long events() {
        return events;
    }

    /** {@link Mode#EVENTS}: whether the last byte ended an event (or there was none), so that another may follow. */
    public boolean atEventBoundary() {
        return sse.atBoundary();
    }

    /** {@link Mode#EVENTS}: whether {@code [DONE]}, {@code message_stop} or {@code response.completed} was seen. */
    public boolean ended() {
        return ended;
    }

    /** Takes the data of events; a class of its own, so that the scanner's callbacks are not in the interface here. */
    private final class EventReader implements SseListener {
        @Override
        public void data(byte[] bytes, int from, int to, boolean whole) {
            if (!whole || UsageSearch.mayMatter(bytes, from, to)) {
                document.feed(bytes, from, to);
            }
        }

        @Override
        public void eventEnd(boolean hasData, long position) {
            if (hasData) {
                events++;
                ended |= document.end();
            }
        }
    }
}
