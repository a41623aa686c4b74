package dev.slipstream.dispatch;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.sse.SseWriter;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import dev.slipstream.codec.translate.TranslatedRequest;
import dev.slipstream.exchange.ErrorBody;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.exchange.ResponseHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Deadline;
import dev.slipstream.metrics.LoopMetrics;
import dev.slipstream.metrics.Stage;
import dev.slipstream.transform.AnswerTransform;
import dev.slipstream.transform.AnswerTransforms;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The client's exchange as the sink of an answer: the provider's bytes as they are, or, where an {@link AnswerTransform}
 * edits them, what that makes of them; signs of life while the provider thinks; and the times a client sees.
 */
final class ClientSink implements ResponseSink, Deadline.Owner {
    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

    private final Exchange exchange;
    private final Dispatch dispatch;
    private final Attempt attempt;
    private final AnswerTransforms transforms;
    private final Deadline ping;

    private boolean events;
    private boolean lengthKnown;
    private long eventsSeen;
    private long lastEventNanos;
    private long pingNanos;

    private @Nullable AnswerTransform transform;
    /** The provider's head, for as long as the client has none; made when it is first needed. */
    private @Nullable FlatHead keptHead;

    private boolean headWritten;
    /** The answer is complete for the client, though not yet for the provider. */
    private boolean done;

    ClientSink(Exchange exchange, Dispatch dispatch, Attempt attempt, AnswerTransforms transforms) {
        this.exchange = exchange;
        this.dispatch = dispatch;
        this.attempt = attempt;
        this.transforms = transforms;
        this.ping = new Deadline(exchange.loop().timers(), this);
    }

    @Override
    public void onHead(FlatHead head, BodyFraming framing) {
        events = attempt.tap().isEvents();
        eventsSeen = 0;
        done = false;
        TranslatedRequest translation = attempt.translation();
        if (translation != null && attempt.isTranslated()) {
            translate(head, translation);
            return;
        }
        if (dispatch.isUncounted(head.status())) {
            headWritten = false;
            lengthKnown = false;
            keep(head);
            transform = transforms.uncounted(head.status());
            return;
        }
        boolean isReadable = head.status() == 200 && attempt.tap().isReading();
        TokenScale scale = exchange.plan().scale();
        if (isReadable && (scale.isActive() || (events && attempt.isAskedForUsage()))) {
            edit(head, scale);
            return;
        }
        long length = switch (framing) {
            case NONE -> 0;
            case LENGTH -> head.contentLength();
            case CHUNKED, UNTIL_CLOSE -> ResponseHead.UNKNOWN_LENGTH;
        };
        lengthKnown = length != ResponseHead.UNKNOWN_LENGTH;
        headWritten = true;
        exchange.client().writeHead(exchange.responseHead().ofProvider(head, attempt.target(), length));
        startPings();
    }

    @Override
    public void onData(ByteBuf data) {
        if (events) {
            timeEvents();
        }
        AnswerTransform edits = transform;
        if (edits == null) {
            exchange.client().writeBody(data);
            return;
        }
        exchange.enter(Stage.TRANSFORM);
        JsonOutput out = transforms.output();
        out.reset(false);
        Progress progress = edits.onData(data, out);
        exchange.enter(Stage.EGRESS);
        onEdited(edits, progress, out);
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
        if (pingNanos > 0) {
            ping.set(now + pingNanos);
        }
    }

    @Override
    public void onEnd() {
        AnswerTransform edits = transform;
        if (edits == null || done) {
            exchange.client().writeEnd();
            return;
        }
        exchange.enter(Stage.TRANSFORM);
        JsonOutput out = transforms.output();
        out.reset(false);
        Progress progress = edits.onEnd(out);
        exchange.enter(Stage.EGRESS);
        if (progress == Progress.DONE && !edits.isEvents()) {
            writeWhole(edits.status(), out);
            return;
        }
        onEdited(edits, progress, out);
        if (progress != Progress.FAILED) {
            exchange.client().writeEnd();
        }
    }

    // ------------------------------------------------------------------ answers that are edited

    private void translate(FlatHead head, TranslatedRequest translation) {
        headWritten = false;
        lengthKnown = false;
        if (head.find(HeaderName.CONTENT_ENCODING) >= 0 && head.status() < 400) {
            LocalReply.fail(
                    exchange,
                    FailureKind.UPSTREAM_PROTOCOL,
                    "The provider's answer is encoded, which was not asked for, and cannot be translated.");
            return;
        }
        keep(head);
        transform = transforms.translation(
                exchange.endpoint().dialect(),
                head,
                events,
                translation,
                exchange.id().toString());
    }

    /** The client's own dialect, with other figures: a stream's head goes at once. */
    private void edit(FlatHead head, TokenScale scale) {
        headWritten = false;
        lengthKnown = false;
        keep(head);
        AnswerTransform edits =
                transforms.edits(exchange.endpoint().dialect(), events, scale, attempt.isAskedForUsage());
        transform = edits;
        if (edits.isEvents()) {
            writeHead(head.status(), EVENT_STREAM, ResponseHead.UNKNOWN_LENGTH);
            startPings();
        }
    }

    private void keep(FlatHead head) {
        FlatHead kept = keptHead;
        if (kept == null) {
            kept = new FlatHead();
            keptHead = kept;
        }
        kept.copyFrom(head);
    }

    private void onEdited(AnswerTransform edits, Progress progress, JsonOutput out) {
        if (progress == Progress.FAILED) {
            onError(edits, out);
            return;
        }
        done = progress == Progress.DONE;
        if (done) {
            ping.clear();
        }
        if (out.length() > 0) {
            if (!headWritten) {
                dispatch.commit();
                writeHead(edits.status(), EVENT_STREAM, ResponseHead.UNKNOWN_LENGTH);
                startPings();
            }
            write(out);
        }
    }

    /** The provider told of an error, or cannot be understood. */
    private void onError(AnswerTransform edits, JsonOutput out) {
        ProviderError error = edits.error();
        if (!headWritten) {
            dispatch.onErrorInAnswer(error);
            return;
        }
        if (error.isOurs()) {
            exchange.failed(FailureKind.UPSTREAM_PROTOCOL);
        }
        edits.fail(error, exchange.id().toString(), out);
        write(out);
        exchange.client().writeEnd();
    }

    /** Answers with {@code error} alone. */
    void writeError(ProviderError error) {
        if (error.isOurs()) {
            LocalReply.fail(exchange, FailureKind.UPSTREAM_PROTOCOL, error.message());
            return;
        }
        JsonOutput out = transforms.output();
        out.reset(false);
        ErrorBody.ofProvider(exchange, error, out);
        writeWhole(error.statusFor(exchange.dialect()), out);
    }

    private void writeWhole(int status, JsonOutput out) {
        dispatch.commit();
        writeHead(status, LocalReply.JSON, out.length());
        write(out);
        exchange.client().writeEnd();
    }

    private void writeHead(int status, String contentType, long length) {
        FlatHead head = keptHead;
        if (head == null) {
            throw new IllegalStateException("no head");
        }
        headWritten = true;
        exchange.client()
                .writeHead(exchange.responseHead().ofEdited(head, attempt.target(), status, contentType, length));
    }

    private void write(JsonOutput out) {
        ByteBuf bytes = exchange.loop().allocator().directBuffer(out.length());
        bytes.writeBytes(out.bytes(), 0, out.length());
        exchange.client().writeBody(bytes);
    }

    // ------------------------------------------------------------------ signs of life

    private void startPings() {
        pingNanos = 0;
        if (events && !lengthKnown) {
            pingNanos = attempt.target().provider().config().timeouts().pingNanos();
            ping.after(exchange.stages().markNanos(), pingNanos);
        }
    }

    /** Nothing came for a while: the client is told that the provider lives. */
    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        ping.set(nowNanos + pingNanos);
        boolean atBoundary = transform != null || attempt.tap().atEventBoundary();
        boolean begun = eventsSeen > 0 || exchange.dialect() == Dialect.OPENAI;
        if (!atBoundary || !begun || !exchange.client().isWritable()) {
            return;
        }
        try {
            ByteBuf sign = exchange.loop().allocator().directBuffer(64);
            switch (exchange.dialect()) {
                case ANTHROPIC -> SseWriter.ping(sign);
                case OPENAI -> SseWriter.comment(sign);
            }
            exchange.client().writeBody(sign);
        } catch (OutOfMemoryError e) {
            // It was not needed.
            exchange.loop().outOfMemory(e);
        }
    }

    // ------------------------------------------------------------------ failure

    /**
     * A stream of events is ended well: an error event of the client's dialect, then the normal end, and never what a
     * provider would say at the end of a success. Anything else is broken off; and where memory ran out, so is a stream
     * whose client has not taken all so far.
     */
    @Override
    public void onFailure(FailureKind kind) {
        ping.clear();
        if (done) {
            // The provider had said all before it broke.
            exchange.client().writeEnd();
            return;
        }
        if (!headWritten) {
            LocalReply.fail(exchange, kind, Dispatch.messageFor(kind));
            return;
        }
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
            endWithError(kind);
            exchange.client().writeEnd();
        } catch (OutOfMemoryError e) {
            exchange.loop().outOfMemory(e);
            exchange.client().drop();
        }
    }

    private void endWithError(FailureKind kind) {
        String message = "The provider's stream ended before it was complete.";
        AnswerTransform edits = transform;
        if (edits == null) {
            exchange.client().writeBody(errorEvent(kind, message));
            return;
        }
        JsonOutput out = transforms.output();
        out.reset(false);
        ProviderError error = new ProviderError().set(ErrorBody.statusOf(exchange, kind), message, kind.word());
        edits.fail(error, exchange.id().toString(), out);
        write(out);
    }

    /** Returns owned. */
    private ByteBuf errorEvent(FailureKind kind, String message) {
        ByteBuf json = ErrorBody.of(exchange, kind, message);
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

    /** Nobody waits for the answer any more, or another one is waited for: gives back what is held of it. Idempotent. */
    void release() {
        ping.clear();
        AnswerTransform edits = transform;
        if (edits != null) {
            transform = null;
            edits.release();
        }
    }

    /** It is not used again. */
    void retire() {
        ping.close();
    }
}
