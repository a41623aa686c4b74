package dev.slipstream.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.CertificateFiles;
import dev.slipstream.config.ClientCertificate;
import dev.slipstream.config.ListenTls;
import dev.slipstream.config.TlsEngine;
import dev.slipstream.loop.WriteQueue;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The certificates in use, and what a change of their files does. */
@Timeout(60)
class ServerTlsTest {
    private static final Path PEMS = Path.of("src/test/resources/tls");
    private static final long OFTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    @TempDir
    Path folder;

    private void put(String certificate, String key) throws IOException {
        Files.copy(PEMS.resolve(certificate), folder.resolve("c.pem"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(PEMS.resolve(key), folder.resolve("k.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    private ListenTls config(TlsEngine engine) {
        CertificateFiles files = new CertificateFiles(
                folder.resolve("c.pem").toString(), folder.resolve("k.pem").toString());
        return new ListenTls(List.of(files), "", ClientCertificate.NONE, true, engine);
    }

    private static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20), "waited in vain: " + what);
            LockSupport.parkNanos(OFTEN_NANOS);
        }
    }

    @Test
    void aChangedFileIsToldOnceAndOneThatComesBackToo() throws IOException {
        put("server.pem", "server.key");
        AtomicInteger told = new AtomicInteger();
        String file = folder.resolve("c.pem").toString();
        try (CertificateWatch watch = new CertificateWatch(List.of(file), told::incrementAndGet)) {
            watch.start(OFTEN_NANOS);
            Files.copy(PEMS.resolve("rsa.pem"), Path.of(file), StandardCopyOption.REPLACE_EXISTING);
            await("a change", () -> told.get() >= 1);
            int before = told.get();
            Files.delete(Path.of(file));
            await("it is gone", () -> told.get() > before);
            int gone = told.get();
            Files.copy(PEMS.resolve("server.pem"), Path.of(file));
            await("it is back", () -> told.get() > gone);
        }
    }

    @Test
    void aBugInWhatIsToldEndsNothing() throws IOException {
        put("server.pem", "server.key");
        AtomicInteger told = new AtomicInteger();
        String file = folder.resolve("c.pem").toString();
        try (CertificateWatch watch = new CertificateWatch(List.of(file), () -> {
            told.incrementAndGet();
            throw new IllegalStateException("of the test");
        })) {
            watch.start(OFTEN_NANOS);
            Files.delete(Path.of(file));
            await("a change", () -> told.get() == 1);
            Files.copy(PEMS.resolve("server.pem"), Path.of(file));
            await("another", () -> told.get() >= 2);
        }
    }

    /** Each reading has contexts of its own: a session made before is known by none of the new ones. */
    @ParameterizedTest
    @EnumSource(value = TlsEngine.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void whatIsWatchedIsReadAgain(TlsEngine engine) throws IOException {
        put("server.pem", "server.key");
        try (ServerTls tls = new ServerTls(config(engine), List.of("http/1.1"))) {
            ServerContexts before = tls.inUse();
            tls.watch(OFTEN_NANOS);
            put("rsa.pem", "rsa.key");
            await("they are read again", () -> tls.inUse() != before);
            await("as they are now", () -> tls.inUse().subject().equals("CN=rsa"));
            ServerContexts now = tls.inUse();
            Files.writeString(folder.resolve("k.pem"), "nothing");
            tls.reload();
            assertEquals(now, tls.inUse());
            SslHandler encryption = tls.newEncryption(null, ByteBufAllocator.DEFAULT);
            assertFalse(encryption.engine().getUseClientMode());
            ReferenceCountUtil.release(encryption.engine());
        }
    }

    @Test
    void connectionsAreMadeWhileCertificatesAreReplaced() throws Exception {
        put("server.pem", "server.key");
        try (ServerTls tls = new ServerTls(config(TlsEngine.AUTO), List.of("http/1.1"))) {
            AtomicInteger made = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            Thread connecting = new Thread(() -> {
                while (made.get() < 2000) {
                    try {
                        ReferenceCountUtil.release(tls.newEncryption("localhost", ByteBufAllocator.DEFAULT)
                                .engine());
                    } catch (RuntimeException e) {
                        failed.incrementAndGet();
                    }
                    made.incrementAndGet();
                }
            });
            connecting.start();
            while (connecting.isAlive()) {
                tls.reload();
            }
            connecting.join();
            assertEquals(0, failed.get());
        }
    }

    /** Netty counts it towards the channel's marks; the bound of a client's queue is built on that. */
    @ParameterizedTest
    @EnumSource(value = TlsEngine.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void whatIsNotEncryptedYetCountsAsQueued(TlsEngine engine) throws IOException {
        put("server.pem", "server.key");
        try (ServerTls tls = new ServerTls(config(engine), List.of("http/1.1"))) {
            EmbeddedChannel channel = new EmbeddedChannel(tls.newEncryption(null, ByteBufAllocator.DEFAULT));
            channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(500, 1000));
            channel.write(Unpooled.directBuffer(900).writeZero(900), channel.voidPromise());
            assertEquals(900, WriteQueue.bytesOf(channel));
            assertTrue(channel.isWritable());
            channel.write(Unpooled.directBuffer(101).writeZero(101), channel.voidPromise());
            assertEquals(1001, WriteQueue.bytesOf(channel));
            assertFalse(channel.isWritable());
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void whatDoesNotLoadAtTheStartIsToldWithItsFile() throws IOException {
        put("server.pem", "other.key");
        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> new ServerTls(config(TlsEngine.AUTO), List.of("http/1.1")));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("listen.tls: " + folder.resolve("k.pem")));
    }
}
