package dev.slipstream.dispatch;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.sse.SseWriter;
import dev.slipstream.exchange.ErrorBody;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ResponseHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.metrics.LoopMetrics;
import io.netty.buffer.ByteBuf;

/** The client's exchange as the sink of an answer: the provider's bytes as they are, and the times a client sees. */
final class ClientSink implements ResponseSink {
    private final Exchange exchange;
    private final Attempt attempt;
    private boolean events;
    private boolean lengthKnown;
    private long eventsSeen;
    private long lastEventNanos;

    ClientSink(Exchange exchange, Attempt attempt) {
        this.exchange = exchange;
        this.attempt = attempt;
    }

    @Override
    public void onHead(FlatHead head, BodyFraming framing) {
        events = attempt.tap().isEvents();
        eventsSeen = 0;
        long length = switch (framing) {
            case NONE -> 0;
            case LENGTH -> head.contentLength();
            case CHUNKED, UNTIL_CLOSE -> ResponseHead.UNKNOWN_LENGTH;
        };
        lengthKnown = length != ResponseHead.UNKNOWN_LENGTH;
        exchange.client().writeHead(exchange.responseHead().ofProvider(head, attempt.target(), length));
    }

    @Override
    public void onData(ByteBuf data) {
        if (events) {
            timeEvents();
        }
        exchange.client().writeBody(data);
    }

    /** Events that one read completed came at one time: they are one gap. */
    private void timeEvents() {
        long seen = attempt.tap().events();
        if (seen == eventsSeen) {
            return;
        }
        long now = exchange.stages().markNanos();
        LoopMetrics metrics = exchange.loop().metrics();
        if (eventsSeen == 0) {
            long firstTokenNanos = now - exchange.stages().startNanos();
            metrics.firstToken(firstTokenNanos);
            exchange.figures().setFirstTokenNanos(firstTokenNanos);
        } else {
            metrics.tokenGap(now - lastEventNanos);
        }
        eventsSeen = seen;
        lastEventNanos = now;
    }

    @Override
    public void onEnd() {
        exchange.client().writeEnd();
    }

    /**
     * A stream of events is ended well: an error event of the client's dialect, then the normal end, and never what a
     * provider would say at the end of a success. Anything else is broken off; and where memory ran out, so is a stream
     * whose client has not taken all so far.
     */
    @Override
    public void onFailure(FailureKind kind) {
        exchange.failed(kind);
        boolean memoryIsShort = kind == FailureKind.OVERLOADED;
        if (!events || lengthKnown || (memoryIsShort && !exchange.client().flushNow())) {
            if (memoryIsShort) {
                exchange.client().drop();
            } else {
                exchange.client().abort();
            }
            return;
        }
        try {
            exchange.client().writeBody(errorEvent(kind));
            exchange.client().writeEnd();
        } catch (OutOfMemoryError e) {
            exchange.loop().outOfMemory(e);
            exchange.client().drop();
        }
    }

    /** Returns owned. */
    private ByteBuf errorEvent(FailureKind kind) {
        ByteBuf json = ErrorBody.of(exchange, kind, "The provider's stream ended before it was complete.");
        try {
            ByteBuf event = exchange.loop().allocator().directBuffer(json.readableBytes() + 64);
            SseWriter.errorEvent(event, !attempt.tap().atEventBoundary(), json);
            return event;
        } finally {
            json.release();
        }
    }

    @Override
    public boolean wantsMore() {
        return exchange.client().isWritable();
    }
}
