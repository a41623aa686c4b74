package dev.slipstream.discover;

import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Loop;
import dev.slipstream.route.Provider;
import dev.slipstream.upstream.UpstreamPools;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When providers with {@code discover: true} are asked for their models: at start, when another configuration holds, and
 * when a client wants the list and what is known is more than {@value #FRESH_MINUTES} minutes old. Clients never wait: they
 * get what is known. One request to each provider at most is under way. A provider that fails keeps its last list, and is
 * asked again no sooner than {@value #RETRY_SECONDS} s later. On its loop alone.
 */
public final class Discovery {
    static final int FRESH_MINUTES = 5;
    static final int RETRY_SECONDS = 30;
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(FRESH_MINUTES);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(RETRY_SECONDS);

    private final Loop loop;
    private final CurrentConfig current;
    private final UpstreamPools pools;
    private final Executor reading;
    private final List<Source> sources = new ArrayList<>();
    private @Nullable ConfigSnapshot seen;
    private boolean closed;

    /** A provider, and when it may be asked again. */
    private final class Source implements ListFetch.Owner {
        private final ListFetch fetch;
        private long dueNanos;

        Source(Provider provider) {
            this.fetch = new ListFetch(loop, pools, provider, current.models(), reading, this);
        }

        @Override
        public void onFetched(boolean succeeded) {
            dueNanos = loop.nanoTime() + (succeeded ? FRESH_NANOS : RETRY_NANOS);
        }
    }

    /** @param reading what reads the answers, which may be megabytes; not a loop that serves clients */
    public Discovery(Loop loop, CurrentConfig current, UpstreamPools pools, Executor reading) {
        this.loop = loop;
        this.current = current;
        this.pools = pools;
        this.reading = reading;
    }

    /** Begins, and once a second goes on: asks whom there is to ask. */
    public void tick() {
        assert loop.isHere();
        if (closed) {
            return;
        }
        boolean wanted = current.models().takeAsked();
        ConfigSnapshot now = current.snapshot();
        if (!now.equals(seen)) {
            seen = now;
            adopt(now);
        } else if (wanted) {
            for (Source source : sources) {
                if (!source.fetch.isUnderWay() && loop.nanoTime() - source.dueNanos >= 0) {
                    source.fetch.start();
                }
            }
        }
    }

    private void adopt(ConfigSnapshot config) {
        sources.forEach(source -> source.fetch.close());
        sources.clear();
        for (Provider provider : config.routes().providers()) {
            if (provider.config().discover()) {
                sources.add(new Source(provider));
            }
        }
        sources.forEach(source -> source.fetch.start());
    }

    /** Gives up what is under way. */
    public void close() {
        assert loop.isHere();
        closed = true;
        sources.forEach(source -> source.fetch.close());
    }
}
