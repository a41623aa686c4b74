package dev.slipstream.exchange;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HttpMethod;
import dev.slipstream.codec.json.JsonFieldScanner;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.ExactLimit;
import dev.slipstream.limit.Principal;
import dev.slipstream.loop.Loop;
import dev.slipstream.metrics.Stage;
import dev.slipstream.route.Endpoint;
import dev.slipstream.route.EndpointPath;
import dev.slipstream.route.RoutePlan;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, from the first byte of the head to the last of the answer.
 *
 * <p><b>Owner.</b> The ingress takes it from the loop's {@link ExchangePool}, lends it to everyone else, and {@linkplain
 * #close(CloseReason) closes} it, which is its one exit and gives back whatever it held.
 *
 * <p><b>Late messages.</b> Whoever comes back to an exchange later (a timer, another thread's answer) keeps its {@link
 * #generation()} and does nothing if it has moved on.
 */
public final class Exchange {
    private final ExchangePool pool;
    private final Loop loop;

    // Reused from request to request.
    private final FlatHead requestHead = new FlatHead();
    private final EndpointPath path = new EndpointPath();
    private final RoutePlan plan = new RoutePlan();
    private final RequestBody body = new RequestBody();
    private final RequestId id;
    private final StageClock stages;
    private final JsonFieldScanner scanner;
    private final RequestHead headMessage = new RequestHead(this);
    private final RequestData dataMessage = new RequestData(this);
    private final RequestEnd endMessage = new RequestEnd(this);
    private final ResponseHead responseHead = new ResponseHead(this);
    private final AnswerFigures figures = new AnswerFigures();
    private @Nullable ExchangeWork work;

    private long generation;
    private boolean open;
    private @Nullable ClientStream client;
    private @Nullable ConfigSnapshot config;
    private Principal principal = Principal.ANYONE;
    private Dialect dialect = Dialect.OPENAI;
    private @Nullable ExactLimit lease;
    private long declaredBodyBytes;
    private long receivedBodyBytes;
    private boolean bodyScanned;
    private boolean routed;
    private boolean heldWhole;
    private int pauses;
    private int status;
    private String provider = NO_PROVIDER;
    private int attempts;

    /** The {@code provider} label of what no provider answered. */
    public static final String NO_PROVIDER = "none";

    Exchange(ExchangePool pool, Loop loop, int jsonDepth, SplittableRandom random) {
        this.pool = pool;
        this.loop = loop;
        this.id = new RequestId(random);
        this.stages = new StageClock(loop::nanoTime);
        this.scanner = new JsonFieldScanner(jsonDepth);
    }

    // ------------------------------------------------------------------ life

    void open(ClientStream client) {
        assert !open;
        open = true;
        this.client = client;
        stages.start();
    }

    /**
     * The head is in {@link #requestHead()}: reads the path, the dialect and the id out of it.
     *
     * @param declaredBodyBytes the body's declared length, -1 where it is chunked
     */
    public void onHead(ConfigSnapshot config, long declaredBodyBytes) {
        this.config = config;
        this.declaredBodyBytes = declaredBodyBytes;
        path.read(requestHead.array(), requestHead.targetStart(), requestHead.targetEnd());
        dialect = path.endpoint().isForwarded() || !ClientDialect.isAnthropic(path, requestHead)
                ? path.endpoint().dialect()
                : Dialect.ANTHROPIC;
        id.assign(requestHead);
    }

    /** There is no head to be read, and it is answered all the same: under {@code config}, with an id of our own. */
    public void onUnreadableHead(ConfigSnapshot config) {
        this.config = config;
        requestHead.reset();
        id.assign(requestHead);
    }

    /** Something broke: whatever state it is in, it can be answered. */
    public void onFailedInside(ConfigSnapshot config) {
        if (this.config == null) {
            onUnreadableHead(config);
        }
    }

    /**
     * Ends the exchange: cancels what is under way for it, gives back the bytes it holds and its place among the
     * requests in flight, records its times and tells its log, makes late messages void, and returns to the pool, in this order.
     * Idempotent.
     */
    public void close(CloseReason reason) {
        assert loop.isHere();
        if (!open) {
            return;
        }
        open = false;
        if (work != null) {
            work.cancel();
        }
        body.release();
        if (lease != null) {
            lease.release();
            lease = null;
        }
        record(reason);
        generation++;
        reset();
        pool.recycle(this);
    }

    /** It is closed, and will not be used again. */
    void retire() {
        if (work != null) {
            work.retire();
        }
    }

    private void record(CloseReason reason) {
        if (config == null) {
            // No head was ever complete: there is no request to speak of.
            return;
        }
        stages.record(loop.metrics());
        if (reason == CloseReason.CLIENT_LEFT && status == 0) {
            status = CLIENT_CLOSED_REQUEST;
        }
        loop.metrics().requestDone(routeLabel(), provider, dialect, status);
        pool.log().onEnd(this, reason);
    }

    private static final int CLIENT_CLOSED_REQUEST = 499;

    void reset() {
        requestHead.reset();
        path.reset();
        plan.reset();
        id.reset();
        stages.reset();
        scanner.reset();
        responseHead.reset();
        figures.reset();
        client = null;
        config = null;
        principal = Principal.ANYONE;
        dialect = Dialect.OPENAI;
        declaredBodyBytes = 0;
        receivedBodyBytes = 0;
        bodyScanned = false;
        routed = false;
        heldWhole = false;
        pauses = 0;
        status = 0;
        provider = NO_PROVIDER;
        attempts = 0;
    }

    /** Changes when the exchange is closed. */
    public long generation() {
        return generation;
    }

    public boolean isOpen() {
        return open;
    }

    // ------------------------------------------------------------------ the request

    public Loop loop() {
        return loop;
    }

    public FlatHead requestHead() {
        return requestHead;
    }

    public EndpointPath path() {
        return path;
    }

    public Endpoint endpoint() {
        return path.endpoint();
    }

    /** What was asked for, as metrics and logs call it. */
    public String routeLabel() {
        return path.endpoint().label();
    }

    /** The configured model that matched, for metrics and logs; empty where none did. */
    public String modelLabel() {
        return plan.label();
    }

    /** The dialect the client speaks, and is answered in. */
    public Dialect dialect() {
        return dialect;
    }

    public boolean isHeadRequest() {
        return requestHead.method() == HttpMethod.HEAD;
    }

    public RequestId id() {
        return id;
    }

    /** The configuration this exchange lives under. Only behind {@link #onHead}. */
    public ConfigSnapshot config() {
        ConfigSnapshot snapshot = config;
        if (snapshot == null) {
            throw new IllegalStateException("no head yet");
        }
        return snapshot;
    }

    public Principal principal() {
        return principal;
    }

    public void setPrincipal(Principal principal) {
        this.principal = principal;
    }

    /** Hands the exchange its place among the requests in flight; its close gives it back. */
    public void setLease(ExactLimit lease) {
        assert this.lease == null;
        this.lease = lease;
    }

    public RoutePlan plan() {
        return plan;
    }

    public JsonFieldScanner scanner() {
        return scanner;
    }

    // ------------------------------------------------------------------ its body

    /** The declared length, -1 where the body is chunked. */
    public long declaredBodyBytes() {
        return declaredBodyBytes;
    }

    /** Body bytes that came so far. */
    public long receivedBodyBytes() {
        return receivedBodyBytes;
    }

    public void addReceivedBodyBytes(int bytes) {
        receivedBodyBytes += bytes;
    }

    /** What is held of the body. */
    public RequestBody body() {
        return body;
    }

    /** Whether the body came to its end and was found valid. */
    public boolean isBodyScanned() {
        return bodyScanned;
    }

    public void setBodyScanned() {
        bodyScanned = true;
    }

    /** Whether the exchange went on from the scan to its route: from there its body follows in messages. */
    public boolean isRouted() {
        return routed;
    }

    public void setRouted() {
        routed = true;
    }

    /** Whether its route needs the whole body, and holds what comes of it behind the scan. */
    public boolean isHeldWhole() {
        return heldWhole;
    }

    public void setHeldWhole(boolean heldWhole) {
        this.heldWhole = heldWhole;
    }

    /** Stops the reading of the body, for a reason of {@link PauseReasons}. */
    public void pause(int reason) {
        int before = pauses;
        pauses |= reason;
        if (before == 0) {
            client().onRequestPauseChanged();
        }
    }

    /** The reason is gone; the body is read on when no other is left. */
    public void resume(int reason) {
        int before = pauses;
        pauses &= ~reason;
        if (before != 0 && pauses == 0) {
            client().onRequestPauseChanged();
        }
    }

    public boolean isPaused() {
        return pauses != 0;
    }

    // ------------------------------------------------------------------ messages and partners

    public RequestHead headMessage() {
        return headMessage;
    }

    public RequestData dataMessage() {
        return dataMessage;
    }

    public RequestEnd endMessage() {
        return endMessage;
    }

    public ResponseHead responseHead() {
        return responseHead;
    }

    public ClientStream client() {
        ClientStream stream = client;
        if (stream == null) {
            throw new IllegalStateException("closed");
        }
        return stream;
    }

    /** What dispatch does for this exchange; kept from one request to the next. */
    public @Nullable ExchangeWork work() {
        return work;
    }

    public void setWork(ExchangeWork work) {
        this.work = work;
    }

    // ------------------------------------------------------------------ its answer and its times

    /** Time runs for {@code stage} from here on. Gives back the time. */
    public long enter(Stage stage) {
        return stages.enter(stage);
    }

    public StageClock stages() {
        return stages;
    }

    /** We refuse or break the request: counts it, and keeps the reason. */
    public void failed(FailureKind kind) {
        loop.metrics().failure(kind);
        figures.setFailure(kind);
    }

    /** What is counted of the answer. */
    public AnswerFigures figures() {
        return figures;
    }

    /** The status that was sent to the client, 0 before. */
    public int status() {
        return status;
    }

    public void setStatus(int status) {
        this.status = status;
    }

    /** Whether the answer has begun, so that no other can be given. */
    public boolean isAnswered() {
        return status != 0;
    }

    /** The provider that was asked last. */
    public String provider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    /** Attempts made at providers. */
    public int attempts() {
        return attempts;
    }

    public void addAttempt() {
        attempts++;
    }
}
