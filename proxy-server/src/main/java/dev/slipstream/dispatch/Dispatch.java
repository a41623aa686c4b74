package dev.slipstream.dispatch;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeWork;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.exchange.PauseReasons;
import dev.slipstream.exchange.RequestBody;
import dev.slipstream.exchange.WholeBody;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.ByteBudget;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Deadline;
import dev.slipstream.metrics.AttemptOutcome;
import dev.slipstream.metrics.Stage;
import dev.slipstream.route.Endpoint;
import dev.slipstream.route.Target;
import dev.slipstream.transform.LoopTransforms;
import dev.slipstream.upstream.UpstreamPools;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one exchange from its plan to an answer: attempts, one after another, until one commits or none is left. Kept
 * with its exchange and reused.
 *
 * <h2>The body</h2>
 *
 * What came before there is a stream is held by the exchange. It stays held behind the sending, charged to the replay
 * budget, as long as the whole body fits {@code limits.replay}; then another attempt can have it. The commit lets it go.
 */
final class Dispatch implements ExchangeWork, Deadline.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private final Exchange exchange;
    private final Limits limits;
    private final LoopTransforms transforms;
    private final Attempt attempt;
    private final ClientSink client;
    private final Deadline total;

    private int targetIndex;
    private int repeats;
    private boolean replayable;
    private boolean bodyEnded;
    /** Why the target before did not do; null of the first one. */
    private @Nullable FailureKind before;

    Dispatch(Exchange exchange, UpstreamPools pools, Limits limits, LoopTransforms transforms) {
        this.exchange = exchange;
        this.limits = limits;
        this.transforms = transforms;
        this.attempt = new Attempt(this, exchange, pools);
        this.client = new ClientSink(exchange, this, attempt, transforms.answers());
        this.total = new Deadline(exchange.loop().timers(), this);
    }

    void start() {
        targetIndex = 0;
        repeats = 0;
        before = null;
        replayable = true;
        bodyEnded = exchange.isBodyScanned();
        total.after(
                exchange.stages().startNanos(),
                exchange.config().config().timeouts().totalNanos());
        attempt.start(exchange.plan().target(0), false);
    }

    // ------------------------------------------------------------------ the request's body

    /** Whether what is held stays held when it is sent, so that another attempt can have it. */
    boolean keepsBody() {
        RequestBody body = exchange.body();
        replayable = replayable && body.heldBytes() <= replayLimit() && body.chargeTo(limits.replayBytes());
        return replayable;
    }

    /** What reads whole bodies of this loop. */
    WholeBody wholeBody() {
        return transforms.wholeBody();
    }

    /** What held bytes are charged to. */
    ByteBudget heldBytes() {
        return limits.heldBytes();
    }

    /** Whether the whole body is here. */
    boolean isBodyEnded() {
        return bodyEnded;
    }

    /** The attempt has a stream, and has sent on it what was held. */
    void onStreaming() {
        if (bodyEnded) {
            attempt.sendEnd();
        } else {
            attempt.sendWhatIsHere();
            exchange.enter(Stage.BODY_WAIT);
            exchange.resume(PauseReasons.NO_STREAM);
        }
    }

    private long replayLimit() {
        return exchange.config().config().limits().replayBytes();
    }

    @Override
    public void onBody(ByteBuf data) {
        if (attempt.isSending()) {
            if (replayable && !keep(data)) {
                replayable = false;
                exchange.body().release();
            }
            attempt.sendBody(data, !replayable);
            if (attempt.isSending()) {
                exchange.enter(Stage.BODY_WAIT);
            }
        } else if (attempt.isAcquiring() || attempt.isPreparing()) {
            holdUntilItCanGo(data);
        } else {
            // The answer is here already, and it was no: the rest of the upload is not wanted.
            data.release();
        }
    }

    private boolean keep(ByteBuf data) {
        RequestBody body = exchange.body();
        return body.heldBytes() + data.readableBytes() <= replayLimit()
                && body.hold(data.retainedDuplicate(), limits.replayBytes());
    }

    private void holdUntilItCanGo(ByteBuf data) {
        RequestBody body = exchange.body();
        if (!body.hold(data, limits.heldBytes())) {
            attempt.cancel(AttemptOutcome.CANCELLED);
            LocalReply.fail(exchange, FailureKind.OVERLOADED, "Too many requests are being held. Try again later.");
            return;
        }
        if (attempt.isAcquiring()
                && body.heldBytes() >= exchange.config().config().limits().scanFirstBytes()) {
            exchange.pause(PauseReasons.NO_STREAM);
        }
    }

    @Override
    public void onBodyEnd() {
        bodyEnded = true;
        if (attempt.isSending()) {
            attempt.sendEnd();
        } else if (attempt.isPreparing()) {
            attempt.onBodyComplete();
        }
    }

    // ------------------------------------------------------------------ what the attempt came to

    /** The provider's head is here: where the answer goes; null where another target is asked instead. */
    @Nullable
    ResponseSink onAnswer(Attempt answered, FlatHead head) {
        int status = head.status();
        if (asksNext(status)) {
            answered.cancel(AttemptOutcome.ERROR_STATUS);
            next(kindOf(status));
            return null;
        }
        if (status == 401 || status == 403) {
            ProviderWarnings.credential(
                    answered.target().provider(), status, exchange.loop().nanoTime());
        }
        if (!answered.isTranslated() && !isUncounted(status)) {
            commit();
        }
        return client;
    }

    /** Whether the next target is asked instead of giving the client an answer of {@code status}. */
    private boolean asksNext(int status) {
        // The status first: whether a target can have the request may take a translation to tell.
        boolean wanted = RetryPolicy.onStatus(status, replayable, true) == RetryPolicy.Verdict.NEXT_TARGET;
        return wanted && hasNext(false);
    }

    /** Whether that is how a provider answers which does not count tokens, and they can be counted here. */
    boolean isUncounted(int status) {
        boolean unknown = status == 404 || status == 405 || status == 501;
        return unknown && exchange.endpoint() == Endpoint.COUNT_TOKENS && replayable && bodyEnded;
    }

    /** The answer goes to the client: no other target will be asked. */
    void commit() {
        replayable = false;
        attempt.keepUnsentOnly();
    }

    /** The provider said {@code error} with a status of success, and the client has nothing yet. */
    void onErrorInAnswer(ProviderError error) {
        if (isUncounted(error.status())) {
            attempt.cancel(AttemptOutcome.ERROR_STATUS);
            transforms.tokenCounts().answer(exchange);
            return;
        }
        if (asksNext(error.status())) {
            attempt.cancel(AttemptOutcome.ERROR_STATUS);
            client.release();
            next(kindOf(error.status()));
        } else {
            commit();
            client.writeError(error);
        }
    }

    void onFailed(FailureKind kind, String detail, boolean sent, boolean reused, boolean answered, boolean refused) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: {} ({})", attempt.target().provider().name(), kind.word(), detail);
        }
        if (kind == FailureKind.UPSTREAM_UNREACHABLE || kind == FailureKind.UPSTREAM_TLS) {
            ProviderWarnings.unreachable(
                    attempt.target().provider(), kind, detail, exchange.loop().nanoTime());
        }
        switch (RetryPolicy.onFailure(kind, replayable, sent, reused, answered, refused, repeats, hasNext(true))) {
            case SAME_TARGET -> {
                repeats++;
                attempt.start(exchange.plan().target(targetIndex), true);
            }
            case NEXT_TARGET -> next(kind);
            case GIVE_UP -> LocalReply.fail(exchange, kind, messageFor(kind));
        }
    }

    /** The request cannot be said in the target's dialect; {@code field} is to blame, where it is not null. */
    void onUntranslatable(FailureKind kind, String message, @Nullable String field) {
        FailureKind failed = before;
        if (failed == null) {
            LocalReply.failBecauseOf(exchange, field, kind, message);
        } else if (targetIndex + 1 < exchange.plan().size()) {
            next(failed);
        } else {
            // The request was good enough for the target before: what is told is why that one did not do.
            LocalReply.fail(exchange, failed, messageFor(failed));
        }
    }

    /** What a client is told of a provider's status where there is nobody else to ask. */
    private static FailureKind kindOf(int status) {
        return switch (status) {
            case 429 -> FailureKind.RATE_LIMITED;
            case 503, 529 -> FailureKind.OVERLOADED;
            default -> FailureKind.UPSTREAM_PROTOCOL;
        };
    }

    /**
     * Whether the next target can have the request. One that speaks the other dialect needs the whole of it, and must be
     * able to understand it: an answer that is here is not given up for one that cannot come.
     *
     * @param mayWait whether the rest of the body is waited for, since there is no answer to be given up
     */
    private boolean hasNext(boolean mayWait) {
        if (targetIndex + 1 >= exchange.plan().size()) {
            return false;
        }
        Target next = exchange.plan().target(targetIndex + 1);
        if (!replayable || !next.readsBody(exchange.endpoint())) {
            return true;
        }
        return bodyEnded ? attempt.isTranslatableFor(next) : mayWait;
    }

    private void next(FailureKind why) {
        before = why;
        targetIndex++;
        exchange.plan().fallBack();
        repeats = 0;
        attempt.start(exchange.plan().target(targetIndex), false);
    }

    static String messageFor(FailureKind kind) {
        return switch (kind) {
            case UPSTREAM_UNREACHABLE -> "The provider could not be reached.";
            case UPSTREAM_TLS -> "No trusted connection to the provider could be made.";
            case UPSTREAM_PROTOCOL -> "The provider's answer was not valid HTTP.";
            case UPSTREAM_CLOSED -> "The provider closed the connection before it answered.";
            case UPSTREAM_TIMEOUT -> "The provider did not answer in time.";
            case POOL_TIMEOUT -> "No connection to the provider became free in time.";
            case RATE_LIMITED -> "The provider's limit is reached. Try again later.";
            case DRAINING -> "The proxy is shutting down.";
            default -> "The request could not be forwarded. Try again later.";
        };
    }

    // ------------------------------------------------------------------ the client

    @Override
    public void onClientWritability(boolean writable) {
        if (writable) {
            attempt.onDemand();
        }
    }

    /** {@code timeouts.total} has passed. */
    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        replayable = false;
        attempt.giveUp(FailureKind.UPSTREAM_TIMEOUT, "no answer in time", AttemptOutcome.TIMEOUT);
    }

    @Override
    public void endForDrain() {
        replayable = false;
        if (attempt.isActive()) {
            attempt.giveUp(FailureKind.DRAINING, "shutting down", AttemptOutcome.CANCELLED);
        } else {
            // A stage has it still, and waits for a thread that reads it.
            LocalReply.fail(exchange, FailureKind.DRAINING, messageFor(FailureKind.DRAINING));
        }
    }

    @Override
    public void cancel() {
        total.clear();
        attempt.cancel(AttemptOutcome.CANCELLED);
        client.release();
    }

    @Override
    public void retire() {
        attempt.retire();
        client.retire();
    }
}
