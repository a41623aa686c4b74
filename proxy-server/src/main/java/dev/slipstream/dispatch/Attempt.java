package dev.slipstream.dispatch;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.json.ModelRewriter;
import dev.slipstream.codec.translate.TranslatedRequest;
import dev.slipstream.config.TimeoutsConfig;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.exchange.PauseReasons;
import dev.slipstream.exchange.RequestBody;
import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Deadline;
import dev.slipstream.metrics.AttemptOutcome;
import dev.slipstream.metrics.Stage;
import dev.slipstream.route.Target;
import dev.slipstream.upstream.StreamRequester;
import dev.slipstream.upstream.UpstreamListener;
import dev.slipstream.upstream.UpstreamPool;
import dev.slipstream.upstream.UpstreamPools;
import dev.slipstream.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One try at one target: a stream from its pool, the request on it, the answer from it. Reused by its {@link Dispatch}
 * for one try after another. It changes its state first and calls out last; behind {@link State#ENDED} it calls nobody.
 */
final class Attempt
        implements StreamRequester, UpstreamListener, ModelRewriter.Output, TargetBody.Owner, Deadline.Owner {
    enum State {
        /** Waiting for the whole body, or for its translation. */
        PREPARING,
        /** Waiting for a stream. */
        ACQUIRING,
        /** The request is on its way. */
        SENDING,
        /** The request is out, the answer's head is not here. */
        AWAITING_HEAD,
        /** The answer's head went to the sink. */
        COMMITTED,
        ENDED
    }

    private final Dispatch dispatch;
    private final Exchange exchange;
    private final UpstreamPools pools;
    private final Deadline deadline;
    private final ModelRewriter rewriter = new ModelRewriter();
    private final UpstreamHead request = new UpstreamHead();
    private final UsageTap tap = new UsageTap();

    private State state = State.ENDED;
    private @Nullable Target target;
    private @Nullable UpstreamPool pool;
    private @Nullable UpstreamStream stream;
    private @Nullable ResponseSink sink;
    private TimeoutsConfig timeouts;
    private boolean reused;
    private boolean sent;
    private boolean bodyEnded;
    private boolean readPaused;
    private int status;

    /** The held body is on its way, and not all of it was taken. */
    private boolean heldLeft;
    /** What is sent of it stays held as well: so many pieces so far. */
    private boolean heldKept;

    private int heldSent;

    private final TargetBody body;
    private boolean fresh;
    private boolean outOfMemory;

    Attempt(Dispatch dispatch, Exchange exchange, UpstreamPools pools) {
        this.dispatch = dispatch;
        this.exchange = exchange;
        this.pools = pools;
        this.deadline = new Deadline(exchange.loop().timers(), this);
        this.body = new TargetBody(this, exchange, dispatch.wholeBody(), dispatch.heldBytes());
        this.timeouts = NO_TIMEOUTS;
    }

    private static final TimeoutsConfig NO_TIMEOUTS = new TimeoutsConfig(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    // ------------------------------------------------------------------ the way there

    /** @param fresh whether a connection that stood idle will not do */
    void start(Target target, boolean fresh) {
        this.target = target;
        this.timeouts = target.provider().config().timeouts();
        sent = false;
        bodyEnded = false;
        readPaused = false;
        heldLeft = false;
        outOfMemory = false;
        status = 0;
        this.fresh = fresh;
        body.reset();
        if (target.readsBody(exchange.endpoint())) {
            prepare();
        } else {
            acquire(target);
        }
    }

    /** Translates the body, as soon as the whole of it is here. */
    private void prepare() {
        state = State.PREPARING;
        if (!dispatch.isBodyEnded()) {
            exchange.enter(Stage.BODY_WAIT);
            exchange.resume(PauseReasons.NO_STREAM);
            return;
        }
        Target to = target();
        long now = exchange.enter(Stage.TRANSFORM);
        deadline.after(now, timeouts.poolWaitNanos());
        if (!body.make(to)) {
            refuse(FailureKind.OVERLOADED, "Too many requests are being translated. Try again later.");
        }
    }

    /** Whether the held body can be said to {@code other}; of a large one that is hoped, for trying takes long. */
    boolean isTranslatableFor(Target other) {
        return body.canBeMadeFor(other);
    }

    @Override
    public void onBody() {
        acquire(target());
    }

    @Override
    public void onNoBody(FailureKind failure, String message, @Nullable String field) {
        state = State.ENDED;
        deadline.clear();
        dispatch.onUntranslatable(failure, message, field);
    }

    /** No stream was asked for: the request cannot be made. */
    @Override
    public void refuse(FailureKind kind, String message) {
        state = State.ENDED;
        deadline.clear();
        LocalReply.fail(exchange, kind, message);
    }

    private void acquire(Target target) {
        state = State.ACQUIRING;
        exchange.addAttempt();
        exchange.setProvider(target.provider().name());
        long now = exchange.enter(Stage.POOL_WAIT);
        deadline.after(now, timeouts.poolWaitNanos());
        UpstreamPool here = pools.of(target.provider());
        pool = here;
        if (fresh) {
            here.acquireFresh(this);
        } else {
            here.acquire(this);
        }
    }

    @Override
    public void onStream(UpstreamStream stream, boolean reused) {
        this.stream = stream;
        this.reused = reused;
        state = State.SENDING;
        deadline.clear();
        exchange.enter(Stage.DISPATCH);
        stream.listen(this);
        try {
            sendHead(stream);
        } catch (OutOfMemoryError e) {
            giveUpWithoutMemory(e);
            return;
        }
        heldKept = dispatch.keepsBody();
        if (body.isMade()) {
            if (!heldKept) {
                exchange.body().release();
            }
            // Another attempt would translate the client's own again.
            heldKept = false;
        }
        heldSent = 0;
        heldLeft = true;
        sendHeld();
    }

    /** Whether the target speaks another dialect than the client. */
    boolean isTranslated() {
        return body.isMade()
                && target().provider().dialect() != exchange.endpoint().dialect();
    }

    /** Whether the target was asked for usage that the client did not ask for. */
    boolean isAskedForUsage() {
        return body.isMade() && !isTranslated();
    }

    /** What is remembered of the translated request; null where there is none. */
    @Nullable
    TranslatedRequest translation() {
        return body.translation();
    }

    /** Sends what is held, as far as the provider takes it; the rest stays held and charged until it takes more. */
    private void sendHeld() {
        RequestBody held = body.toSend();
        UpstreamStream here = stream;
        while (here != null && here == stream && heldSent < held.pieceCount()) {
            if (!here.isWritable()) {
                awaitProvider(here);
                return;
            }
            if (heldKept) {
                // It may be needed again: another view goes out.
                send(held.piece(heldSent++).retainedDuplicate(), false);
            } else {
                ByteBuf piece = held.takeFirst();
                if (piece != null) {
                    send(piece, true);
                }
            }
        }
        if (here != null && here == stream && heldLeft) {
            heldLeft = false;
            dispatch.onStreaming();
        }
    }

    private void awaitProvider(UpstreamStream here) {
        here.writeGathered();
        exchange.pause(PauseReasons.UPSTREAM_SLOW);
        if (state == State.SENDING && dispatch.isBodyEnded()) {
            // Nobody else waits for anything: the client has sent all it had to.
            long now = exchange.enter(Stage.UPSTREAM_WAIT);
            deadline.after(now, timeouts.firstByteNanos());
        }
    }

    /** The answer is here, and no other attempt will be made: of the held body only what is still to be sent is kept. */
    void keepUnsentOnly() {
        if (body.isMade()) {
            exchange.body().release();
        }
        RequestBody held = body.toSend();
        if (!heldLeft || status >= 400) {
            heldLeft = false;
            held.release();
            return;
        }
        for (; heldKept && heldSent > 0; heldSent--) {
            ByteBuf piece = held.takeFirst();
            if (piece != null) {
                piece.release();
            }
        }
        heldKept = false;
    }

    private void sendHead(UpstreamStream stream) {
        Target to = target();
        rewriter.reset();
        byte[] replacement = body.isMade() ? null : exchange.plan().replacementFor(to);
        if (replacement != null) {
            rewriter.replace(exchange.scanner().modelStart(), exchange.scanner().modelEnd(), replacement);
        }
        request.reset();
        RequestWriter.write(exchange, to.provider(), isTranslated(), request);
        request.setContentLength(bodyLength());
        sent = true;
        stream.writeHead(request);
        request.reset();
    }

    private long bodyLength() {
        if (body.isMade()) {
            return body.madeBytes();
        }
        if (exchange.isBodyScanned()) {
            return exchange.receivedBodyBytes() + rewriter.delta();
        }
        long declared = exchange.declaredBodyBytes();
        return declared < 0 ? UpstreamHead.UNKNOWN_LENGTH : declared + rewriter.delta();
    }

    /** Whether body bytes may be given to {@link #sendBody}. */
    boolean isSending() {
        return state == State.SENDING || (state == State.COMMITTED && !bodyEnded && status < 400);
    }

    /**
     * The next bytes of the request's body. Consumes {@code data}.
     *
     * @param exclusive whether nobody else holds these bytes
     */
    void sendBody(ByteBuf data, boolean exclusive) {
        send(data, exclusive);
        UpstreamStream here = stream;
        if (here != null && !here.isWritable()) {
            exchange.pause(PauseReasons.UPSTREAM_SLOW);
        }
    }

    private void send(ByteBuf data, boolean exclusive) {
        rewriter.take(data, exclusive, this);
        if (outOfMemory) {
            // The request can no longer become complete.
            giveUp(FailureKind.OVERLOADED, "out of memory", AttemptOutcome.CANCELLED);
        }
    }

    private void giveUpWithoutMemory(OutOfMemoryError cause) {
        exchange.loop().outOfMemory(cause);
        giveUp(FailureKind.OVERLOADED, "out of memory", AttemptOutcome.CANCELLED);
    }

    /** Takes a piece of the rewritten body. */
    @Override
    public void piece(ByteBuf piece) {
        UpstreamStream here = stream;
        if (here == null || outOfMemory) {
            piece.release();
            return;
        }
        try {
            here.writeBody(piece);
        } catch (OutOfMemoryError e) {
            exchange.loop().outOfMemory(e);
            outOfMemory = true;
        }
    }

    @Override
    public void replacement(byte[] replacement, int offset, int length) {
        ByteBuf name;
        try {
            name = exchange.loop().allocator().directBuffer(length);
        } catch (OutOfMemoryError e) {
            exchange.loop().outOfMemory(e);
            outOfMemory = true;
            return;
        }
        piece(name.writeBytes(replacement, offset, length));
    }

    /** The rest of the body is still to come: what is here does not wait for it. */
    void sendWhatIsHere() {
        UpstreamStream here = stream;
        if (here != null) {
            here.writeGathered();
        }
    }

    void sendEnd() {
        bodyEnded = true;
        UpstreamStream here = stream;
        try {
            if (here != null) {
                here.writeEnd();
            }
        } catch (OutOfMemoryError e) {
            giveUpWithoutMemory(e);
            return;
        }
        if (state == State.SENDING) {
            state = State.AWAITING_HEAD;
            long now = exchange.enter(Stage.UPSTREAM_WAIT);
            deadline.after(now, timeouts.firstByteNanos());
        }
    }

    @Override
    public void onUpstreamWritability(boolean writable) {
        if (writable) {
            if (heldLeft) {
                sendHeld();
            }
            if (!heldLeft && exchange.isOpen()) {
                exchange.resume(PauseReasons.UPSTREAM_SLOW);
            }
        } else if (isSending()) {
            exchange.pause(PauseReasons.UPSTREAM_SLOW);
        }
    }

    // ------------------------------------------------------------------ the way back

    @Override
    public void onUpstreamHead(FlatHead head, BodyFraming framing) {
        status = head.status();
        tap.onHead(head);
        target().provider().track().onAnswer();
        ResponseSink to = dispatch.onAnswer(this, head);
        if (to == null) {
            return;
        }
        state = State.COMMITTED;
        sink = to;
        if (!bodyEnded && status >= 400) {
            // The provider has made up its mind: what is left of the upload is not wanted.
            exchange.resume(PauseReasons.UPSTREAM_SLOW);
        }
        long now = exchange.enter(Stage.EGRESS);
        deadline.after(now, timeouts.betweenBytesNanos());
        try {
            to.onHead(head, framing);
        } catch (OutOfMemoryError e) {
            breakOff(e);
        }
        if (state == State.COMMITTED) {
            exchange.enter(Stage.UPSTREAM_WAIT);
        }
    }

    @Override
    public void onUpstreamData(ByteBuf data) {
        ResponseSink to = sink;
        if (to == null) {
            data.release();
            return;
        }
        long now = exchange.enter(Stage.USAGE);
        deadline.after(now, timeouts.betweenBytesNanos());
        tap.onData(data);
        exchange.enter(Stage.EGRESS);
        try {
            to.onData(data);
        } catch (OutOfMemoryError e) {
            breakOff(e);
        }
        if (state != State.COMMITTED) {
            return;
        }
        if (to.wantsMore()) {
            exchange.enter(readPaused ? Stage.CLIENT_PAUSED : Stage.UPSTREAM_WAIT);
        } else {
            pauseReading();
        }
    }

    private void pauseReading() {
        exchange.enter(Stage.CLIENT_PAUSED);
        UpstreamStream here = stream;
        if (!readPaused && here != null) {
            readPaused = true;
            // It is the client that is slow; the provider's silence means nothing now.
            deadline.clear();
            here.setReadPaused(true);
        }
    }

    /** The sink wants more again. */
    void onDemand() {
        UpstreamStream here = stream;
        if (readPaused && here != null) {
            readPaused = false;
            long now = exchange.enter(Stage.UPSTREAM_WAIT);
            deadline.after(now, timeouts.betweenBytesNanos());
            here.setReadPaused(false);
        }
    }

    @Override
    public void onUpstreamEnd() {
        ResponseSink to = sink;
        exchange.enter(Stage.EGRESS);
        finish(status < 400 ? AttemptOutcome.OK : AttemptOutcome.ERROR_STATUS);
        if (to != null) {
            try {
                to.onEnd();
            } catch (OutOfMemoryError e) {
                breakOff(e);
            }
        }
    }

    /** The answer cannot be written on: its client's connection ends before it looks complete. */
    private void breakOff(OutOfMemoryError cause) {
        exchange.loop().outOfMemory(cause);
        exchange.failed(FailureKind.OVERLOADED);
        cancel(AttemptOutcome.CANCELLED);
        exchange.client().drop();
    }

    // ------------------------------------------------------------------ failure

    @Override
    public void onUpstreamFailure(FailureKind kind, String detail) {
        boolean answered = stream != null && stream.hasAnswerBytes();
        boolean refused = stream != null && stream.isRefused();
        fail(kind, detail, outcomeOf(kind), answered, refused);
    }

    @Override
    public void onNoStream(FailureKind kind, String detail) {
        fail(kind, detail, outcomeOf(kind), false, false);
    }

    private static AttemptOutcome outcomeOf(FailureKind kind) {
        return switch (kind) {
            case UPSTREAM_UNREACHABLE, UPSTREAM_TLS -> AttemptOutcome.CONNECT_FAILED;
            case UPSTREAM_PROTOCOL -> AttemptOutcome.PROTOCOL;
            case UPSTREAM_TIMEOUT -> AttemptOutcome.TIMEOUT;
            case POOL_TIMEOUT, OVERLOADED -> AttemptOutcome.POOL_TIMEOUT;
            default -> AttemptOutcome.CLOSED;
        };
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        if (state == State.PREPARING) {
            refuse(FailureKind.OVERLOADED, "The request was not translated in time. Try again later.");
        } else if (state == State.ACQUIRING) {
            UpstreamPool from = pool;
            if (from != null) {
                from.withdraw(this);
            }
            fail(FailureKind.POOL_TIMEOUT, "no connection in time", AttemptOutcome.POOL_TIMEOUT, false, false);
        } else {
            giveUp(FailureKind.UPSTREAM_TIMEOUT, "no answer in time", AttemptOutcome.TIMEOUT);
        }
    }

    /** The answer is not waited for any longer; whoever waited is told {@code kind}. */
    void giveUp(FailureKind kind, String detail, AttemptOutcome outcome) {
        if (state == State.ENDED) {
            return;
        }
        if (state == State.PREPARING) {
            refuse(kind, Dispatch.messageFor(kind));
            return;
        }
        UpstreamStream here = stream;
        UpstreamPool from = pool;
        boolean answered = here != null && here.hasAnswerBytes();
        if (here != null) {
            here.cancel();
        } else if (from != null) {
            from.withdraw(this);
        }
        fail(kind, detail, outcome, answered, false);
    }

    private void fail(FailureKind kind, String detail, AttemptOutcome outcome, boolean answered, boolean refused) {
        ResponseSink to = sink;
        exchange.enter(Stage.DISPATCH);
        target().provider().track().onFailure(kind.word(), detail);
        finish(outcome);
        exchange.resume(PauseReasons.UPSTREAM_SLOW);
        if (to != null) {
            to.onFailure(kind);
        } else {
            dispatch.onFailed(kind, detail, sent, reused, answered, refused);
        }
    }

    /** Gives up an attempt whose answer is not wanted (another target is asked, or nobody waits any more). */
    void cancel(AttemptOutcome outcome) {
        if (state == State.ENDED) {
            return;
        }
        UpstreamStream here = stream;
        UpstreamPool from = pool;
        boolean acquiring = state == State.ACQUIRING;
        finish(outcome);
        if (acquiring && from != null) {
            from.withdraw(this);
        } else if (here != null) {
            here.cancel();
        }
        if (exchange.isOpen()) {
            exchange.resume(PauseReasons.UPSTREAM_SLOW);
        }
    }

    private void finish(AttemptOutcome outcome) {
        state = State.ENDED;
        heldLeft = false;
        deadline.clear();
        Target to = target();
        if (stream != null) {
            tap.onEnd(exchange, to.provider().name());
        }
        if (pool != null) {
            exchange.loop().metrics().attempt(to.provider().name(), outcome);
        }
        body.release();
        stream = null;
        sink = null;
        pool = null;
    }

    /** Its timer would else hold it, and its exchange, until the longest deadline it ever had. */
    void retire() {
        deadline.close();
    }

    // ------------------------------------------------------------------ what others may know

    Target target() {
        Target here = target;
        if (here == null) {
            throw new IllegalStateException("not started");
        }
        return here;
    }

    boolean isActive() {
        return state != State.ENDED;
    }

    boolean isAcquiring() {
        return state == State.ACQUIRING;
    }

    /** Whether the whole body is waited for. */
    boolean isPreparing() {
        return state == State.PREPARING;
    }

    /** The body is complete, and this waited for it. */
    void onBodyComplete() {
        prepare();
    }

    UsageTap tap() {
        return tap;
    }
}
