package dev.slipstream.dispatch;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeWork;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.exchange.PauseReasons;
import dev.slipstream.exchange.RequestBody;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Deadline;
import dev.slipstream.metrics.AttemptOutcome;
import dev.slipstream.metrics.Stage;
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
    private final Attempt attempt;
    private final ClientSink client;
    private final Deadline total;

    private int targetIndex;
    private int repeats;
    private boolean replayable;
    private boolean bodyEnded;

    Dispatch(Exchange exchange, UpstreamPools pools, Limits limits) {
        this.exchange = exchange;
        this.limits = limits;
        this.attempt = new Attempt(this, exchange, pools);
        this.client = new ClientSink(exchange, attempt);
        this.total = new Deadline(exchange.loop().timers(), this);
    }

    void start() {
        targetIndex = 0;
        repeats = 0;
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
        } else if (attempt.isAcquiring()) {
            holdUntilThereIsAStream(data);
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

    private void holdUntilThereIsAStream(ByteBuf data) {
        RequestBody body = exchange.body();
        if (!body.hold(data, limits.heldBytes())) {
            attempt.cancel(AttemptOutcome.CANCELLED);
            LocalReply.fail(exchange, FailureKind.OVERLOADED, "Too many requests are being held. Try again later.");
            return;
        }
        if (body.heldBytes() >= exchange.config().config().limits().scanFirstBytes()) {
            exchange.pause(PauseReasons.NO_STREAM);
        }
    }

    @Override
    public void onBodyEnd() {
        bodyEnded = true;
        if (attempt.isSending()) {
            attempt.sendEnd();
        }
    }

    // ------------------------------------------------------------------ what the attempt came to

    /** The provider's head is here: where the answer goes; null where another target is asked instead. */
    @Nullable
    ResponseSink onAnswer(Attempt answered, FlatHead head) {
        boolean targetsLeft = targetIndex + 1 < exchange.plan().size();
        int status = head.status();
        if (RetryPolicy.onStatus(status, replayable, targetsLeft) == RetryPolicy.Verdict.NEXT_TARGET) {
            answered.cancel(AttemptOutcome.ERROR_STATUS);
            next();
            return null;
        }
        if (status == 401 || status == 403) {
            ProviderWarnings.credential(
                    answered.target().provider(), status, exchange.loop().nanoTime());
        }
        replayable = false;
        answered.keepUnsentOnly();
        return client;
    }

    void onFailed(FailureKind kind, String detail, boolean sent, boolean reused, boolean answered, boolean refused) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: {} ({})", attempt.target().provider().name(), kind.word(), detail);
        }
        if (kind == FailureKind.UPSTREAM_UNREACHABLE || kind == FailureKind.UPSTREAM_TLS) {
            ProviderWarnings.unreachable(
                    attempt.target().provider(), kind, detail, exchange.loop().nanoTime());
        }
        boolean targetsLeft = targetIndex + 1 < exchange.plan().size();
        switch (RetryPolicy.onFailure(kind, replayable, sent, reused, answered, refused, repeats, targetsLeft)) {
            case SAME_TARGET -> {
                repeats++;
                attempt.start(exchange.plan().target(targetIndex), true);
            }
            case NEXT_TARGET -> next();
            case GIVE_UP -> LocalReply.fail(exchange, kind, messageFor(kind));
        }
    }

    private void next() {
        targetIndex++;
        exchange.plan().fallBack();
        repeats = 0;
        attempt.start(exchange.plan().target(targetIndex), false);
    }

    private static String messageFor(FailureKind kind) {
        return switch (kind) {
            case UPSTREAM_UNREACHABLE -> "The provider could not be reached.";
            case UPSTREAM_TLS -> "No trusted connection to the provider could be made.";
            case UPSTREAM_PROTOCOL -> "The provider's answer was not valid HTTP.";
            case UPSTREAM_CLOSED -> "The provider closed the connection before it answered.";
            case UPSTREAM_TIMEOUT -> "The provider did not answer in time.";
            case POOL_TIMEOUT -> "No connection to the provider became free in time.";
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
        attempt.giveUp(FailureKind.DRAINING, "shutting down", AttemptOutcome.CANCELLED);
    }

    @Override
    public void cancel() {
        total.clear();
        attempt.cancel(AttemptOutcome.CANCELLED);
    }

    @Override
    public void retire() {
        attempt.retire();
    }
}
