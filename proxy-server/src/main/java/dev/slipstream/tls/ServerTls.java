package dev.slipstream.tls;

import dev.slipstream.config.ListenTls;
import dev.slipstream.config.PemFiles;
import dev.slipstream.config.TlsEngine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the API listener: the certificates in use, and what a new connection's pipeline begins with. Owner of the
 * contexts, which all loops share. Any thread, where nothing else is said.
 *
 * <p>The files are looked at every {@value #LOOK_SECONDS} s. What has changed is read again and used for new handshakes;
 * connections that stand go on with what they have. Files that do not load change nothing, and are a warning.
 */
public final class ServerTls implements AutoCloseable {
    /** The place of the encryption in a client's pipeline. */
    public static final String NAME = "tls";

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final long LOOK_SECONDS = 10;

    /** Where the contexts come from; blocks. */
    private interface Source {
        ServerContexts load() throws IOException;
    }

    private final Source source;
    private final AtomicLong failures = new AtomicLong();
    private final CertificateWatch watch;
    /** Replaced as a whole; what was replaced is released, and who still has it in hand asks again. */
    private volatile ServerContexts contexts;

    private boolean closed;

    /**
     * Reads the certificates.
     *
     * @param protocols for ALPN, in order of preference
     * @throws IllegalStateException if a file does not hold what it should, or an engine does not load here
     */
    public ServerTls(ListenTls config, List<String> protocols) {
        this(config.files(), () -> ServerContexts.load(config, protocols));
    }

    private ServerTls(List<String> files, Source source) {
        this.source = source;
        this.watch = new CertificateWatch(files, this::reload);
        try {
            this.contexts = source.load();
        } catch (IOException | RuntimeException e) {
            watch.close();
            throw new IllegalStateException("listen.tls: " + reason(e), e);
        }
    }

    /**
     * Of one certificate that is in no file.
     *
     * @param protocols for ALPN, in order of preference
     * @throws IllegalStateException if the engine does not load here
     */
    public static ServerTls of(PemFiles.Identity identity, TlsEngine engine, List<String> protocols) {
        return new ServerTls(List.of(), () -> ServerContexts.of(identity, engine, protocols));
    }

    /** What is read from files says itself what is wrong with them; what builds a context of it wraps what is. */
    private static String reason(Exception e) {
        boolean ofFile = e instanceof IOException && !(e instanceof SSLException);
        return ofFile ? String.valueOf(e.getMessage()) : TlsEngines.reason(e);
    }

    /** Begins to look at the files. */
    public void watch() {
        watch(TimeUnit.SECONDS.toNanos(LOOK_SECONDS));
    }

    void watch(long everyNanos) {
        watch.start(everyNanos);
    }

    /** Reads the files again, whether they have changed or not. Blocks: never on a loop. */
    public synchronized void reload() {
        if (closed) {
            return;
        }
        ServerContexts before = contexts;
        try {
            contexts = source.load();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "listen.tls: {}; the certificates in use stay, and the files are read again when they change",
                    reason(e));
            return;
        }
        before.release();
        LOG.info("listen.tls: the certificates have been read again; new connections are shown {}", contexts.subject());
    }

    /** What a client's pipeline begins with; it puts the encryption in its own place, under {@link #NAME}. */
    public ChannelHandler newHandler() {
        return new ClientHello(this);
    }

    /**
     * The encryption of one connection.
     *
     * @param name what the client asks for, in lower case; null: nothing
     */
    SslHandler newEncryption(@Nullable String name, ByteBufAllocator allocator) {
        while (true) {
            ServerContexts now = contexts;
            SslContext context = now.of(name);
            try {
                ReferenceCountUtil.retain(context);
            } catch (IllegalReferenceCountException released) {
                if (now == contexts) {
                    throw released;
                }
                // Another thread has just replaced them.
                continue;
            }
            try {
                return Encryption.of(context, allocator);
            } finally {
                ReferenceCountUtil.release(context);
            }
        }
    }

    /** For tests. */
    ServerContexts inUse() {
        return contexts;
    }

    /** A handshake has failed, or was not over in time. */
    public void onHandshakeFailed() {
        failures.incrementAndGet();
    }

    /** How many have. */
    public long handshakeFailures() {
        return failures.get();
    }

    /** In the word of the ready line: {@code openssl} or {@code jdk}. */
    public String engineName() {
        return contexts.isOpenSsl() ? "openssl" : "jdk";
    }

    /** Behind the last connection. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            watch.close();
            contexts.release();
        }
    }
}
