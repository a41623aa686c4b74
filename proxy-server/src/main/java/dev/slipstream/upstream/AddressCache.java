package dev.slipstream.upstream;

import dev.slipstream.loop.NanoClock;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Addresses by host name, looked up by the system's own resolver (hosts file, name service switch) on threads of their
 * own, never on a loop, each name once at a time. An answer serves for {@value #TTL_SECONDS} s; behind that it serves on, up to
 * {@value #STALE_SECONDS} s, while it is looked up anew. Any thread.
 */
public final class AddressCache implements AutoCloseable {
    private static final long TTL_SECONDS = 30;
    private static final long STALE_SECONDS = 600;
    private static final long IDLE_SECONDS = 10;
    private static final int LOOKUP_THREADS = 2;
    private static final int LOOKUPS_QUEUED = 256;

    /** How names become addresses; blocks. */
    public interface Resolver {
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    /** What is known of a name. */
    private record Answer(List<InetAddress> addresses, long nanos) {}

    private final Resolver resolver;
    private final ThreadPoolExecutor lookups;
    private final ConcurrentHashMap<String, Answer> answers = new ConcurrentHashMap<>();
    /** Who waits for a look-up that is under way. */
    private final ConcurrentHashMap<String, List<Consumer<List<InetAddress>>>> waiting = new ConcurrentHashMap<>();

    private final NanoClock clock;

    public AddressCache(ThreadFactory threads) {
        this(threads, host -> List.of(InetAddress.getAllByName(host)), NanoClock.SYSTEM);
    }

    AddressCache(ThreadFactory threads, Resolver resolver, NanoClock clock) {
        this.resolver = resolver;
        this.clock = clock;
        this.lookups = new ThreadPoolExecutor(
                LOOKUP_THREADS,
                LOOKUP_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(LOOKUPS_QUEUED),
                threads);
        lookups.allowCoreThreadTimeOut(true);
    }

    /**
     * Gives {@code then} the addresses of {@code host}, none where there are none: at once where they are known, else
     * from the look-up's thread.
     *
     * @param host a name, or an address, which is never looked up
     */
    public void resolve(String host, Consumer<List<InetAddress>> then) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            then.accept(List.of(address(literal)));
            return;
        }
        Answer answer = answers.get(host);
        if (answer != null) {
            long age = TimeUnit.NANOSECONDS.toSeconds(clock.nanoTime() - answer.nanos);
            if (age < STALE_SECONDS) {
                if (age >= TTL_SECONDS && !waiting.containsKey(host)) {
                    lookUp(host, ignored -> {});
                }
                then.accept(answer.addresses);
                return;
            }
        }
        lookUp(host, then);
    }

    private void lookUp(String host, Consumer<List<InetAddress>> then) {
        boolean[] first = {false};
        waiting.compute(host, (name, others) -> {
            first[0] = others == null;
            List<Consumer<List<InetAddress>>> all = others == null ? new ArrayList<>() : others;
            all.add(then);
            return all;
        });
        if (first[0]) {
            try {
                lookups.execute(() -> tell(host, lookUp(host)));
            } catch (RejectedExecutionException full) {
                tell(host, List.of());
            }
        }
    }

    private void tell(String host, List<InetAddress> addresses) {
        List<Consumer<List<InetAddress>>> all = waiting.remove(host);
        if (all != null) {
            all.forEach(each -> each.accept(addresses));
        }
    }

    private List<InetAddress> lookUp(String host) {
        try {
            List<InetAddress> addresses = List.copyOf(resolver.resolve(host));
            answers.put(host, new Answer(addresses, clock.nanoTime()));
            return addresses;
        } catch (UnknownHostException | RuntimeException e) {
            // Whatever a resolver throws, somebody waits to hear of it.
            return List.of();
        }
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are an address", e);
        }
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }
}
