package dev.slipstream.discover;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import dev.slipstream.models.CurrentModels;
import dev.slipstream.models.ListedModel;
import dev.slipstream.models.ProviderModels;
import dev.slipstream.route.Provider;
import dev.slipstream.upstream.StreamRequester;
import dev.slipstream.upstream.UpstreamListener;
import dev.slipstream.upstream.UpstreamPool;
import dev.slipstream.upstream.UpstreamPools;
import dev.slipstream.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets one provider's list of models: one page, at most {@value #MAX_BYTES} bytes, within {@value #DEADLINE_SECONDS} s.
 * What is no list changes nothing. Reused for one fetch after another; on its loop alone, but for the reading.
 */
final class ListFetch implements StreamRequester, UpstreamListener, Deadline.Owner {
    /** Who is told how it went, on the loop. */
    interface Owner {
        void onFetched(boolean succeeded);
    }

    private enum State {
        IDLE,
        ACQUIRING,
        RECEIVING,
        /** The answer is being read, elsewhere. */
        READING,
        CLOSED
    }

    static final int MAX_BYTES = 4 << 20;
    static final int DEADLINE_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ListFetch.class);
    private static final byte[] OPENAI_PATH = "/models".getBytes(US_ASCII);
    private static final byte[] ANTHROPIC_PATH = "/v1/models?limit=1000".getBytes(US_ASCII);
    private static final byte[] ANTHROPIC_VERSION = "anthropic-version".getBytes(US_ASCII);
    private static final byte[] DEFAULT_ANTHROPIC_VERSION = "2023-06-01".getBytes(US_ASCII);
    private static final byte[] ACCEPT = "accept".getBytes(US_ASCII);
    private static final byte[] JSON = "application/json".getBytes(US_ASCII);

    private final Loop loop;
    private final UpstreamPool pool;
    private final Provider provider;
    private final CurrentModels models;
    private final Executor reading;
    private final Owner owner;
    private final Deadline deadline;

    private State state = State.IDLE;
    private @Nullable UpstreamStream stream;
    private JsonTree answer = new JsonTree();
    private boolean reused;
    private boolean secondTry;
    private boolean lastFailed;

    ListFetch(Loop loop, UpstreamPools pools, Provider provider, CurrentModels models, Executor reading, Owner owner) {
        this.loop = loop;
        this.pool = pools.of(provider);
        this.provider = provider;
        this.models = models;
        this.reading = reading;
        this.owner = owner;
        this.deadline = new Deadline(loop.timers(), this);
    }

    boolean isUnderWay() {
        return state != State.IDLE && state != State.CLOSED;
    }

    void start() {
        state = State.ACQUIRING;
        secondTry = false;
        deadline.after(loop.nanoTime(), TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
        pool.acquire(this);
    }

    @Override
    public void onStream(UpstreamStream stream, boolean reused) {
        this.stream = stream;
        this.reused = reused;
        state = State.RECEIVING;
        answer.reset();
        stream.listen(this);
        UpstreamHead head = new UpstreamHead();
        byte[] base = provider.basePath();
        byte[] path = provider.dialect() == Dialect.OPENAI ? OPENAI_PATH : ANTHROPIC_PATH;
        head.setBodiless();
        head.appendPath(base, 0, base.length);
        head.appendPath(path, 0, path.length);
        for (int i = 0; i < provider.fieldCount(); i++) {
            head.add(provider.fieldName(i), provider.fieldValue(i));
        }
        if (!provider.overrides(ACCEPT, 0, ACCEPT.length)) {
            head.add(ACCEPT, JSON);
        }
        if (provider.dialect() == Dialect.ANTHROPIC && !provider.setsAnthropicVersion()) {
            head.add(ANTHROPIC_VERSION, DEFAULT_ANTHROPIC_VERSION);
        }
        try {
            stream.writeHead(head);
            stream.writeEnd();
        } catch (OutOfMemoryError e) {
            loop.outOfMemory(e);
            giveUp("out of memory");
        }
    }

    @Override
    public void onNoStream(FailureKind kind, String detail) {
        fail(kind.word() + ", " + detail);
    }

    @Override
    public void onUpstreamHead(FlatHead head, BodyFraming framing) {
        if (head.status() != 200) {
            giveUp("status " + head.status());
        }
    }

    @Override
    public void onUpstreamData(ByteBuf data) {
        try {
            if (state != State.RECEIVING) {
                return;
            }
            if (answer.length() + data.readableBytes() <= MAX_BYTES) {
                answer.append(data);
                return;
            }
        } finally {
            data.release();
        }
        giveUp("more than " + MAX_BYTES + " bytes");
    }

    @Override
    public void onUpstreamEnd() {
        stream = null;
        state = State.READING;
        deadline.clear();
        JsonTree complete = answer;
        answer = new JsonTree();
        try {
            reading.execute(() -> read(complete));
        } catch (RejectedExecutionException e) {
            fail("the process ends");
        }
    }

    /** On another thread. */
    private void read(JsonTree complete) {
        List<ListedModel> told =
                complete.parse() == JsonStatus.COMPLETE ? ProviderModels.read(complete, provider.name()) : null;
        if (told != null) {
            models.put(provider.name(), told);
        }
        try {
            loop.eventLoop().execute(() -> onRead(told != null));
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it the wish.
            return;
        }
    }

    private void onRead(boolean isList) {
        if (state != State.READING) {
            return;
        }
        if (!isList) {
            fail("the answer is no list of models");
            return;
        }
        state = State.IDLE;
        lastFailed = false;
        owner.onFetched(true);
    }

    @Override
    public void onUpstreamFailure(FailureKind kind, String detail) {
        UpstreamStream here = stream;
        boolean mayBeStale = reused && !secondTry && here != null && !here.hasAnswerBytes();
        stream = null;
        if (mayBeStale) {
            // The connection stood idle, and the provider has closed it.
            secondTry = true;
            state = State.ACQUIRING;
            pool.acquireFresh(this);
            return;
        }
        fail(kind.word() + ", " + detail);
    }

    @Override
    public void onUpstreamWritability(boolean writable) {}

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        giveUp("no answer in " + DEADLINE_SECONDS + " s");
    }

    private void giveUp(String why) {
        letGo();
        fail(why);
    }

    private void letGo() {
        UpstreamStream here = stream;
        boolean acquiring = state == State.ACQUIRING;
        stream = null;
        if (here != null) {
            here.cancel();
        } else if (acquiring) {
            pool.withdraw(this);
        }
        answer.reset();
    }

    private void fail(String why) {
        state = State.IDLE;
        deadline.clear();
        if (!lastFailed) {
            lastFailed = true;
            LOG.warn("provider {}: its models could not be listed ({}); what is known stays", provider.name(), why);
        }
        owner.onFetched(false);
    }

    /** Gives up for good. */
    void close() {
        letGo();
        state = State.CLOSED;
        deadline.close();
    }
}
