package dev.slipstream.bench.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Between two namespaces of this machine. Skipped, by name, where there are none to be had. */
@Timeout(60)
final class DelayedLinkTest {
    private static final long ONE_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int LIMIT_MILLIS = 20_000;

    private final String near = "slip-test-n" + ProcessHandle.current().pid();
    private final String far = "slip-test-f" + ProcessHandle.current().pid();

    @BeforeEach
    void namespaces() {
        String obstacle = TunDevice.obstacle();
        assumeTrue(obstacle.isEmpty(), "the delayed link is not tested: " + obstacle);
        try {
            Ip.run("netns", "add", near);
        } catch (IOException e) {
            assumeTrue(false, "the delayed link is not tested, no network namespace could be made: " + e.getMessage());
        }
    }

    @AfterEach
    void remove() throws IOException {
        if (TunDevice.obstacle().isEmpty()) {
            for (String each : new String[] {near, far}) {
                if (Files.exists(Path.of("/run/netns", each))) {
                    Ip.run("netns", "del", each);
                }
            }
        }
    }

    /** A socket gets its descriptor, and with it its namespace, when it is bound. */
    private static Socket bound() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.bind(new InetSocketAddress(DelayedLink.NEAR_ADDRESS, 0));
        return socket;
    }

    @Test
    void bytesArriveUnalteredAndNeverBeforeTheirTime() throws Exception {
        Ip.run("netns", "add", far);
        byte[] out = new byte[1_000_000];
        byte[] home = new byte[300_000];
        new Random(1).nextBytes(out);
        new Random(2).nextBytes(home);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (DelayedLink link = DelayedLink.open(near, far, ONE_WAY_NANOS, 2);
                ServerSocket listener = InNamespace.call(far, () -> new ServerSocket(0));
                Socket client = InNamespace.call(near, DelayedLinkTest::bound)) {
            listener.setSoTimeout(LIMIT_MILLIS);
            Future<byte[]> received = threads.submit(() -> {
                try (Socket server = listener.accept()) {
                    server.setSoTimeout(LIMIT_MILLIS);
                    byte[] all = new DataInputStream(server.getInputStream()).readNBytes(out.length);
                    server.getOutputStream().write(home);
                    return all;
                }
            });

            long began = System.nanoTime();
            client.connect(new InetSocketAddress(DelayedLink.farAddress(1), listener.getLocalPort()), LIMIT_MILLIS);
            long connectNanos = System.nanoTime() - began;
            client.getOutputStream().write(out);
            byte[] answer = client.getInputStream().readNBytes(home.length);
            long wholeNanos = System.nanoTime() - began;

            assertArrayEquals(out, received.get(20, TimeUnit.SECONDS));
            assertArrayEquals(home, answer);
            assertTrue(connectNanos >= 2 * ONE_WAY_NANOS, "connected after " + connectNanos + " ns");
            assertTrue(wholeNanos >= 4 * ONE_WAY_NANOS, "done after " + wholeNanos + " ns");
            assertEquals(0, link.outward().lost() + link.homeward().lost());
            assertTrue(link.outward().bytes() > out.length, link.outward().toString());
            assertTrue(link.homeward().bytes() > home.length, link.homeward().toString());
            assertNull(link.failure());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nothingIsLeftBehindALinkThatIsClosedOrCannotBeMade() throws Exception {
        // The far namespace is missing: the near side's device has to go again.
        assertThrows(IOException.class, () -> DelayedLink.open(near, far, ONE_WAY_NANOS, 1));
        assertThrows(IOException.class, () -> Ip.run("-n", near, "link", "show", DelayedLink.DEVICE));
        Ip.run("netns", "add", far);
        DelayedLink link = DelayedLink.open(near, far, ONE_WAY_NANOS, 1);
        Ip.run("-n", near, "link", "show", DelayedLink.DEVICE);
        link.close();
        link.close();
        assertThrows(IOException.class, () -> Ip.run("-n", near, "link", "show", DelayedLink.DEVICE));
        assertThrows(IOException.class, () -> Ip.run("-n", far, "link", "show", DelayedLink.DEVICE));
    }
}
