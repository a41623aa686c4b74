package dev.slipstream.boot;

import dev.slipstream.accesslog.AccessLog;
import dev.slipstream.admin.AdminEndpoints;
import dev.slipstream.admin.AdminServer;
import dev.slipstream.config.ConfigMask;
import dev.slipstream.config.ListenTls;
import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.ExchangeLog;
import dev.slipstream.ingress.ClientLoop;
import dev.slipstream.ingress.ProxyPipeline;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.NanoClock;
import dev.slipstream.loop.OffLoop;
import dev.slipstream.loop.Transport;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.tls.ServerTls;
import dev.slipstream.upstream.AddressCache;
import dev.slipstream.upstream.SharedPools;
import dev.slipstream.upstream.SocketConnector;
import dev.slipstream.upstream.TlsContexts;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy. Several may live in one JVM; each has its own loops, pools, buffers and listeners, and {@link #close()}
 * leaves nothing behind. Methods may be called on any thread but a loop's: some wait.
 */
public final class Slipstream implements AutoCloseable {
    /** Of this build; a test holds it to the pom's. */
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(Slipstream.class);
    private static final long CALL_SECONDS = 10;
    private static final long POLL_MILLIS = 20;

    /** For the last bytes to those whose answers were broken off. */
    private static final long LAST_WRITE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SlipstreamConfig config;
    private final Transport transport;
    private final CurrentConfig current;
    private final Limits limits;
    private final Metrics metrics = new Metrics();
    private final PooledByteBufAllocator allocator;
    private final MemoryWatch memory;
    private final EventLoopGroup group;
    private final EventLoopGroup adminGroup;
    private final OffLoop offLoop = new OffLoop(1, new DefaultThreadFactory("slipstream-json", true));
    private final AddressCache addresses;
    private final TlsContexts tls;
    private final @Nullable ServerTls clientTls;
    private final SharedPools shared;
    private final @Nullable AccessLog accessLog;
    private final List<LoopAssembly> loops = new ArrayList<>();
    private @Nullable ApiListener listener;
    private volatile @Nullable AdminServer admin;
    private @Nullable WarmUp warmUp;
    private boolean closed;

    private Slipstream(SlipstreamConfig config) {
        this.config = config;
        this.transport = Transport.choose(config.runtime().transport());
        ConfigSnapshot snapshot = ConfigSnapshot.of(config);
        this.current = new CurrentConfig(snapshot);
        // First of what can fail, for it leaves nothing behind.
        this.tls = new TlsContexts(snapshot.routes().providers());
        this.clientTls = clientTls(config.listen().tls());
        int count = config.runtime().loopCount();
        this.allocator = Allocators.pooled(count);
        this.memory = new MemoryWatch(allocator, count);
        this.group = transport.newGroup(count, new DefaultThreadFactory("slipstream-loop", true));
        this.adminGroup = transport.forAdmin().newGroup(1, new DefaultThreadFactory("slipstream-admin", true));
        this.addresses = new AddressCache(new DefaultThreadFactory("slipstream-dns", true));
        this.shared = new SharedPools(snapshot.routes().providers(), count);
        SocketConnector connector =
                new SocketConnector(transport, addresses, tls, config.limits().streamBufferBytes());
        this.limits = Limits.of(config.limits(), clientsWithinDescriptors(), memory.gate());
        String access = config.log().access();
        this.accessLog = access.equals("off") ? null : AccessLog.to(access);
        int index = 0;
        for (EventExecutor each : group) {
            Loop loop = new Loop(index, (EventLoop) each, NanoClock.SYSTEM, allocator, metrics.forLoop(index), offLoop);
            ExchangeLog log = accessLog == null ? ExchangeLog.OFF : accessLog.newLane();
            loops.add(new LoopAssembly(loop, current, limits, memory, shared, connector, log));
            index++;
        }
        // Their answers may be long, and the admin's loop has time.
        loops.get(0).discover(current, adminGroup.next());
    }

    private @Nullable ServerTls clientTls(@Nullable ListenTls listen) {
        if (listen == null) {
            return null;
        }
        try {
            return new ServerTls(listen, ProxyPipeline.tlsProtocols(listen.http2()));
        } catch (IllegalStateException e) {
            tls.close();
            throw e;
        }
    }

    /** {@code limits.connections}, or fewer where the process has not the descriptors for them; which is said. */
    private int clientsWithinDescriptors() {
        int configured = config.limits().connections();
        DescriptorBudget budget = DescriptorBudget.ofProcess();
        int clients = budget.clients(configured, shared.maxConnections());
        if (clients < configured) {
            LOG.warn(
                    "limits.connections is {}, and with {} file descriptors (ulimit -n) there is room for {} clients:"
                            + " more are closed at once; raise the one or lower the other",
                    configured,
                    budget.maxDescriptors(),
                    clients);
        }
        return clients;
    }

    /**
     * Starts a proxy and waits until it listens and its warm connections are up, the latter no longer than {@code
     * timeouts.connect}: a dead provider does not prevent the start.
     *
     * @throws StartFailedException if it cannot listen, or the transport does not load
     */
    public static Slipstream start(SlipstreamConfig config) throws StartFailedException {
        Slipstream slipstream;
        try {
            slipstream = new Slipstream(config);
        } catch (IllegalStateException e) {
            throw new StartFailedException(String.valueOf(e.getMessage()), e);
        }
        try {
            slipstream.open();
            return slipstream;
        } catch (StartFailedException | RuntimeException e) {
            slipstream.close();
            throw e;
        }
    }

    private void open() throws StartFailedException {
        openAccessLog();
        List<ClientLoop> clientLoops =
                loops.stream().map(LoopAssembly::asClientLoop).toList();
        try {
            listener = ApiListener.bind(
                    config.listen().address(),
                    transport,
                    loops.get(0).loop().eventLoop(),
                    clientLoops,
                    limits.connections(),
                    current,
                    clientTls,
                    this::hasDescriptorsForClients);
        } catch (IOException e) {
            throw new StartFailedException(
                    inUse("listen.address", config.listen().address(), e), e);
        }
        ApiListener here = listener;
        metrics.counter(
                "slipstream_accept_failures_total",
                "How often a client could not be accepted, for want of a descriptor say",
                here::acceptFailures);
        if (clientTls != null) {
            metrics.counter(
                    "slipstream_tls_handshake_failures_total",
                    "TLS handshakes of clients that failed, or were not over in time",
                    clientTls::handshakeFailures);
            clientTls.watch();
        }
        Gauges.register(metrics, limits, shared, current.snapshot().routes().providers(), this::connectionCount);
        Gauges.registerMemory(metrics, this::bufferedBytes, memory);
        try {
            admin = AdminServer.start(
                    adminGroup,
                    transport.forAdmin().serverChannelType(),
                    config.admin().address(),
                    config.admin().token(),
                    new AdminEndpoints(
                            VERSION,
                            metrics,
                            () -> ConfigMask.of(current.snapshot().config()),
                            () -> ProviderStates.of(current.snapshot().routes().providers(), shared),
                            current::isDraining));
        } catch (IOException e) {
            throw new StartFailedException(inUse("admin.address", config.admin().address(), e), e);
        }
        openWarmConnections();
    }

    private boolean hasDescriptorsForClients() {
        AdminServer here = admin;
        return here == null || !here.lacksDescriptors();
    }

    private void openAccessLog() throws StartFailedException {
        AccessLog log = accessLog;
        if (log == null) {
            return;
        }
        try {
            log.start();
        } catch (IOException e) {
            throw new StartFailedException("cannot write the access log (" + e + "); change log.access", e);
        }
        Gauges.registerAccessLog(metrics, log);
    }

    private static String inUse(String key, Object address, IOException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return "cannot listen on " + address + " (" + cause.getMessage() + "); change " + key;
    }

    /**
     * Warms the JIT up, in the background, unless {@code runtime.warm_up} says no; behind the ready line, so that nobody
     * waits for it. Ends at the first real request.
     */
    public synchronized void warmUpJit() {
        if (config.runtime().warmUp() && !closed && warmUp == null) {
            List<WarmUpWay> ways = WarmUpWay.of(current.snapshot().routes().providers());
            WarmUp begun = new WarmUp(transport, ways, () -> limits.inFlight().used() > 0);
            warmUp = begun;
            begun.start();
        }
    }

    /** Waits until {@link #warmUpJit()} is over, some seconds at most; for those who only rehearse. */
    public void awaitWarmUp() {
        WarmUp here;
        synchronized (this) {
            here = warmUp;
        }
        if (here != null) {
            here.awaitEnd();
        }
    }

    private void openWarmConnections() {
        CountDownLatch warm = new CountDownLatch(loops.size());
        for (LoopAssembly each : loops) {
            each.loop().eventLoop().execute(() -> {
                Gauges.registerLoop(
                        metrics, each.loop().index(), Thread.currentThread().getId());
                each.start(warm::countDown);
            });
        }
        try {
            boolean all = warm.await(Math.max(1, config.timeouts().connectNanos()), TimeUnit.NANOSECONDS);
            if (!all) {
                // Said by /health/providers; requests to that provider find out for themselves.
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ------------------------------------------------------------------ what it is

    /** Where the API listens; tells the port where port 0 was asked for. */
    public InetSocketAddress apiAddress() {
        ApiListener here = listener;
        if (here == null) {
            throw new IllegalStateException("not started");
        }
        return here.address();
    }

    /** Where the admin endpoints listen. */
    public InetSocketAddress adminAddress() {
        AdminServer here = admin;
        if (here == null) {
            throw new IllegalStateException("not started");
        }
        return here.localAddress();
    }

    /** The line that says it is ready. */
    public String readyLine() {
        return "slipstream ready api=" + text(apiAddress()) + " admin=" + text(adminAddress()) + " transport="
                + transport.label() + " tls=" + engineName() + " loops=" + loops.size() + " pid="
                + ProcessHandle.current().pid();
    }

    /** What does TLS, towards clients or providers; both choose alike, unless the configuration says otherwise. */
    private String engineName() {
        String providers = tls.engineName();
        return clientTls == null || providers.equals("openssl") ? providers : clientTls.engineName();
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private int connectionCount() {
        return loops.stream().mapToInt(each -> each.connections().count()).sum();
    }

    /** Requests between their head and their end. */
    public int inFlight() {
        return limits.inFlight().used();
    }

    /** Client connections. */
    public int clientConnections() {
        return connectionCount();
    }

    /** Exchanges under way, asked of each loop. */
    public int exchangesInUse() {
        return sum(LoopAssembly::exchangesInUse);
    }

    /** Connections to providers, opening or open, asked of each loop. */
    public int upstreamConnections() {
        return sum(LoopAssembly::upstreamConnections);
    }

    /** Connections to providers with a request on them, asked of each loop. */
    public int busyUpstreamConnections() {
        return sum(LoopAssembly::busyUpstreamConnections);
    }

    /**
     * What is buffered here for others: memory that held bodies take, and bytes queued for clients and providers, with
     * Netty's 96 of bookkeeping for each piece.
     */
    public long bufferedBytes() {
        long queued = shared.queuedBytes();
        for (LoopAssembly each : loops) {
            queued += each.connections().queuedBytes();
        }
        return limits.bufferedBytes() + queued;
    }

    /** Where its buffers come from, for those who audit it. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** The access log's file was moved away: a new one is begun under its name. Without an access log nothing is done. */
    public void reopenAccessLog() {
        if (accessLog != null) {
            accessLog.reopen();
        }
    }

    /**
     * Reads the API listener's certificates again, whether they have changed or not; those that do not load change
     * nothing. Blocks for that.
     *
     * @return false where it has none
     */
    public boolean reloadCertificates() {
        if (clientTls == null) {
            return false;
        }
        clientTls.reload();
        return true;
    }

    private int sum(ToIntFunction<LoopAssembly> figure) {
        int sum = 0;
        for (LoopAssembly each : loops) {
            sum += call(each, () -> figure.applyAsInt(each));
        }
        return sum;
    }

    private static int call(LoopAssembly each, Callable<Integer> task) {
        try {
            return each.loop().eventLoop().submit(task).get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    // ------------------------------------------------------------------ its end

    /**
     * Ends well: not ready any more, no new connections, idle ones closed, and what is under way is waited for, no longer
     * than {@code timeouts.drain}. Behind that, a stream ends in an error event and a request that waits is answered 503.
     * Then {@link #close()}.
     */
    public void drain() {
        current.startDraining();
        if (listener != null) {
            listener.close();
        }
        loops.forEach(each -> each.loop().eventLoop().execute(each.connections()::startDraining));
        loops.forEach(each -> each.loop().eventLoop().execute(each.connections()::closeIdle));
        if (!awaitNoConnections(config.timeouts().drainNanos())) {
            loops.forEach(each -> each.loop().eventLoop().execute(each.connections()::endForDrain));
            awaitNoConnections(config.timeouts().lingerNanos() + LAST_WRITE_NANOS);
        }
        close();
    }

    /** @return whether the last client left in time */
    private boolean awaitNoConnections(long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (connectionCount() > 0) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            loops.forEach(each -> each.loop().eventLoop().execute(each.connections()::closeIdle));
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Ends at once: connections are closed, requests under way with them. Waits until all is gone. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (warmUp != null) {
            warmUp.close();
        }
        current.startDraining();
        if (listener != null) {
            listener.close();
        }
        AdminServer here = admin;
        if (here != null) {
            here.close();
        }
        for (LoopAssembly each : loops) {
            call(each, () -> {
                each.close();
                return 0;
            });
        }
        addresses.close();
        List<EventLoop> all =
                loops.stream().map(each -> each.loop().eventLoop()).toList();
        LoopsEnd.await(group, all, transport);
        offLoop.close();
        LoopsEnd.await(adminGroup, List.of(), transport.forAdmin());
        tls.close();
        if (clientTls != null) {
            clientTls.close();
        }
        if (accessLog != null) {
            accessLog.close();
        }
    }
}
