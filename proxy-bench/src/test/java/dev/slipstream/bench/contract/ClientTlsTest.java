package dev.slipstream.bench.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.tls.TestCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API listener with TLS: who is shown which certificate, who is let in, and how a connection ends. */
@DisplayName("A listener that speaks TLS")
@Timeout(60)
class ClientTlsTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private static final String POST =
            "POST " + Chat.PATH + " HTTP/1.1\r\nhost: proxy\r\ncontent-type: application/json\r\n";

    @TempDir
    static Path folder;

    private static TestIdentity authority;
    private static TestIdentity first;
    private static TestIdentity second;
    private static TestIdentity alice;
    private static TestIdentity stranger;
    private static Path ca;
    private static TestIdentity.PemFiles firstFiles;
    private static TestIdentity.PemFiles secondFiles;
    private static SimulatedProvider provider;

    @BeforeAll
    static void make() throws IOException {
        try (TestCertificates made = TestCertificates.create()) {
            authority = made.authority();
            first = made.server();
            second = made.serverFor("second.example", "*.wild.example");
            alice = made.client("alice");
            stranger = made.selfSigned();
        }
        ca = authority.writeCertificate(folder, "authority");
        firstFiles = first.write(folder, "first");
        secondFiles = second.write(folder, "second");
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
    }

    @AfterAll
    static void closeProvider() {
        provider.close();
    }

    private static String pair(TestIdentity.PemFiles files) {
        return "certificate: \"" + files.certificate() + "\", key: \"" + files.key() + "\"";
    }

    /** @param tls what stands in {@code listen.tls} */
    private static Slipstream proxy(String tls, String sections) {
        return proxy(provider.openAiBaseUrl(), tls, sections);
    }

    private static Slipstream proxy(String url, String tls, String sections) {
        return PROXIES.start("listen: { address: \"127.0.0.1:0\", tls: { " + tls + " } }\n"
                + "providers:\n  one: { base_url: \"" + url + "\", dialect: openai }\n"
                + "models:\n  - name: \"*\"\n    targets: [ { provider: one } ]\n" + sections);
    }

    private static SSLContext trusting() {
        return TestIdentity.trusting(authority.certificate());
    }

    private static TlsClient client(Slipstream proxy, String... versions) throws IOException {
        return new TlsClient(proxy.apiAddress(), trusting(), null, versions).shakeHands();
    }

    private static void assertShown(TestIdentity expected, Slipstream proxy, String name) throws IOException {
        try (TlsClient client =
                new TlsClient(proxy.apiAddress(), trusting(), name.isEmpty() ? null : name).shakeHands()) {
            assertEquals(
                    expected.certificate(), client.socket().getSession().getPeerCertificates()[0], "asked for " + name);
        }
    }

    @ParameterizedTest
    @CsvSource({"openssl, TLSv1.3", "openssl, TLSv1.2", "jdk, TLSv1.3", "jdk, TLSv1.2"})
    @DisplayName("serves TLS 1.2 and 1.3 on either engine, and agrees on HTTP/1.1")
    void bothEnginesSpeakBothVersions(String engine, String version) throws IOException {
        Slipstream proxy = proxy(pair(firstFiles) + ", engine: " + engine, "");
        assertTrue(proxy.readyLine().contains(" tls=" + engine + " "), proxy.readyLine());
        try (TlsClient client = client(proxy, version)) {
            assertEquals(version, client.socket().getSession().getProtocol());
            assertEquals("http/1.1", client.socket().getApplicationProtocol());
            client.health();
            client.send(POST, Chat.request("tokens=5", true));
            assertTrue(client.readTo(Chat.DONE).startsWith("HTTP/1.1 200 "));
            client.health();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @DisplayName("refuses TLS 1.1")
    void olderVersionsAreRefused(String engine) throws IOException {
        Slipstream proxy = proxy(pair(firstFiles) + ", engine: " + engine, "");
        byte[] answer = RawTls.answerTo(proxy.apiAddress(), RawTls.hello(0x0302));
        // A fatal alert: protocol_version.
        assertEquals(7, answer.length);
        assertArrayEquals(new byte[] {21, 3}, new byte[] {answer[0], answer[1]});
        assertArrayEquals(new byte[] {0, 2, 2, 70}, new byte[] {answer[3], answer[4], answer[5], answer[6]});
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @DisplayName("shows the certificate of the name that is asked for, and else the first one")
    void theNameThatIsAskedForPicks(String engine) throws IOException {
        Slipstream proxy =
                proxy(pair(firstFiles) + ", certificates: [ { " + pair(secondFiles) + " } ], engine: " + engine, "");
        assertShown(second, proxy, "second.example");
        assertShown(second, proxy, "SECOND.example");
        assertShown(second, proxy, "any.wild.example");
        assertShown(first, proxy, "two.labels.wild.example");
        assertShown(first, proxy, "wild.example");
        assertShown(first, proxy, "provider.example");
        assertShown(first, proxy, "nobody.example");
        assertShown(first, proxy, "");
    }

    @ParameterizedTest
    @CsvSource({
        "openssl, none, true, true",
        "openssl, optional, true, false",
        "openssl, required, false, false",
        "jdk, none, true, true",
        "jdk, optional, true, false",
        "jdk, required, false, false"
    })
    @DisplayName("asks for clients' certificates as it is told")
    void clientCertificatesAreAskedFor(String engine, String mode, boolean without, boolean untrusted)
            throws IOException {
        Slipstream proxy = proxy(
                pair(firstFiles) + ", client_ca: \"" + ca + "\", client_certificate: " + mode + ", engine: " + engine,
                "");
        for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
            assertTrue(isServed(proxy, alice.context(authority.certificate()), version), "alice, " + version);
            assertEquals(without, isServed(proxy, trusting(), version), "nobody, " + version);
            assertEquals(
                    untrusted, isServed(proxy, stranger.insistent(authority.certificate()), version), "a stranger");
        }
    }

    /** In TLS 1.3 a client hears of its refusal only behind its own side of the handshake. */
    private static boolean isServed(Slipstream proxy, SSLContext context, String version) {
        try (TlsClient client = new TlsClient(proxy.apiAddress(), context, null, version).shakeHands()) {
            client.health();
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({"openssl, TLSv1.3", "openssl, TLSv1.2", "jdk, TLSv1.3", "jdk, TLSv1.2"})
    @DisplayName("resumes a session on any of its loops")
    void sessionsAreResumed(String engine, String version) throws IOException {
        Slipstream proxy = proxy(pair(firstFiles) + ", engine: " + engine, "runtime: { loops: 2 }\n");
        SSLContext context = trusting();
        long made = 0;
        // Together they are on both loops: the listener gives a connection to the loop with the fewest.
        try (TlsClient one = new TlsClient(proxy.apiAddress(), context, null, version).shakeHands()) {
            one.health();
            SSLSession session = one.socket().getSession();
            made = session.getCreationTime();
            long before = made;
            Until.holds("the clock has moved on", () -> System.currentTimeMillis() > before);
            try (TlsClient two = new TlsClient(proxy.apiAddress(), context, null, version).shakeHands()) {
                two.health();
                assertEquals(made, two.socket().getSession().getCreationTime(), "made anew");
            }
        }
        proxy.reloadCertificates();
        try (TlsClient three = new TlsClient(proxy.apiAddress(), context, null, version).shakeHands()) {
            three.health();
            assertNotEquals(made, three.socket().getSession().getCreationTime(), "resumed over a reading of the files");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @DisplayName("does not negotiate anew")
    void renegotiationIsRefused(String engine) throws IOException {
        Slipstream proxy = proxy(pair(firstFiles) + ", engine: " + engine, "");
        try (Log log = new Log();
                TlsClient client = client(proxy, "TLSv1.2")) {
            client.health();
            assertThrows(IOException.class, () -> {
                client.socket().startHandshake();
                client.health();
            });
            Until.holds("it is closed", () -> proxy.clientConnections() == 0);
            // The JDK would do it, and Netty trips over that, where assertions are on.
            assertEquals("", log.text());
        }
        try (TlsClient client = client(proxy)) {
            client.health();
        }
    }

    // ------------------------------------------------------------------ new certificates

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @DisplayName("shows a new certificate to new connections, and lets the others go on")
    void newCertificatesAreForNewConnections(String engine) throws IOException {
        Path own = Files.createDirectory(folder.resolve("renewed-" + engine));
        TestIdentity.PemFiles files = first.write(own, "server");
        Slipstream proxy = proxy(pair(files) + ", engine: " + engine, "");
        try (TlsClient open = client(proxy);
                TlsClient streaming = client(proxy)) {
            open.health();
            streaming.send(POST, Chat.request("tokens=200 gap=5ms", true));
            String begun = streaming.readTo("\n\n");
            second.write(own, "server");
            assertTrue(proxy.reloadCertificates());
            assertShown(second, proxy, "");
            open.health();
            assertFalse((begun + streaming.readTo(Chat.DONE)).contains("error"));
        }
        Files.writeString(files.key(), "no key");
        try (Log log = new Log()) {
            proxy.reloadCertificates();
            assertTrue(
                    log.text().contains("server.key: holds no private key")
                            && log.text().contains("the certificates in use stay"),
                    log.text());
        }
        assertShown(second, proxy, "");
        first.write(own, "server");
        proxy.reloadCertificates();
        assertShown(first, proxy, "");
    }

    @Test
    @DisplayName("looks at the files from time to time")
    void theFilesAreLookedAt() {
        proxy(pair(firstFiles), "");
        assertTrue(
                Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(each -> each.getName().startsWith("slipstream-certificates")),
                "what a change of them does is ServerTlsTest's");
    }

    // ------------------------------------------------------------------ who does not speak TLS

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @DisplayName("closes what does not speak TLS, and serves the others")
    void whatDoesNotSpeakTlsIsClosed(String engine) throws IOException {
        Slipstream proxy = proxy(pair(firstFiles) + ", engine: " + engine, "");
        byte[] plain =
                RawTls.answerTo(proxy.apiAddress(), "GET /health HTTP/1.1\r\nhost: proxy\r\n\r\n".getBytes(US_ASCII));
        assertEquals("", new String(plain, US_ASCII));
        for (byte[] garbage : RawTls.garbage()) {
            byte[] answer = RawTls.answerTo(proxy.apiAddress(), garbage);
            assertTrue(answer.length == 0 || answer[0] == 21, "an alert at most: " + new String(answer, US_ASCII));
        }
        try (TlsClient client = client(proxy)) {
            client.health();
        }
    }

    @Test
    @DisplayName("closes a record that it cannot decrypt, and says nothing of it")
    void recordsThatCannotBeDecrypted() throws IOException {
        for (String engine : new String[] {"openssl", "jdk"}) {
            Slipstream proxy = proxy(pair(firstFiles) + ", engine: " + engine, "");
            try (Log log = new Log();
                    TlsClient client = client(proxy, "TLSv1.3")) {
                client.health();
                client.sendRaw(new byte[] {
                    23, 3, 3, 0, 32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
                    24, 25, 26, 27, 28, 29, 30, 31, 32
                });
                assertThrows(IOException.class, client::readAll);
                Until.holds("it has left", () -> proxy.clientConnections() == 0);
                assertEquals("", log.text());
            }
        }
    }

    @Test
    @DisplayName("cuts a thousand handshakes that never end at their deadline, and serves others meanwhile")
    void handshakesThatNeverEndAreCut() throws Exception {
        Slipstream proxy = proxy(pair(firstFiles), "timeouts: { tls_handshake: 300ms }\nruntime: { loops: 2 }\n");
        int served = 0;
        try (TlsClient client = client(proxy)) {
            // Its own handshake is over on both sides, which takes long where classes are still being loaded.
            client.health();
            try (RawTls.Crowd crowd = RawTls.crowd(proxy.apiAddress(), 1000)) {
                while (crowd.left() > 0) {
                    client.send(POST, Chat.request("tokens=2", false));
                    client.readTo("\"usage\"");
                    served++;
                    crowd.look();
                }
            }
        }
        assertTrue(served > 1, "others are served meanwhile");
        Until.holds(() -> "all have left: " + proxy.clientConnections(), () -> proxy.clientConnections() == 0);
        assertTrue(RawTls.failures(proxy) >= 1000, "each is counted: " + RawTls.failures(proxy));
        try (TlsClient client = client(proxy)) {
            client.health();
        }
    }

    // ------------------------------------------------------------------ how a connection ends

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @DisplayName("ends a complete answer with a close_notify, and a broken one without")
    void onlyWhatIsCompleteEndsWithACloseNotify(String engine) throws IOException {
        Slipstream proxy =
                proxy(pair(firstFiles) + ", engine: " + engine, "timeouts: { client_idle: 100ms, linger: 5s }\n");
        try (TlsClient closing = client(proxy, "TLSv1.2")) {
            closing.send("GET /health HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\r\n");
            assertTrue(closing.readAll().endsWith("{\"status\":\"ok\"}"));
            assertTrue(closing.endedWithAlert(), "asked for the end");
        }
        try (TlsClient old = client(proxy, "TLSv1.2")) {
            old.send(POST.replace("1.1", "1.0"), Chat.request("tokens=5", true));
            assertTrue(old.readAll().endsWith(Chat.DONE));
            assertTrue(old.endedWithAlert(), "an answer that ends with its connection");
        }
        try (TlsClient idle = client(proxy, "TLSv1.2")) {
            idle.health();
            assertEquals("", idle.readAll());
            assertTrue(idle.endedWithAlert(), "idle for too long");
        }
        try (TlsPeer breaking = TlsPeer.of((socket, seen) -> {
            socket.getInputStream().read(new byte[64 * 1024]);
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n".getBytes(US_ASCII));
        })) {
            Slipstream before =
                    proxy("http://127.0.0.1:" + breaking.port() + "/v1", pair(firstFiles) + ", engine: " + engine, "");
            try (TlsClient broken = client(before, "TLSv1.2")) {
                broken.send(POST.replace("1.1", "1.0"), Chat.request("", false));
                assertTrue(broken.readAll().endsWith("\r\n\r\nhello"));
                assertFalse(broken.endedWithAlert(), "a broken answer that would end with its connection");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"openssl, TLSv1.3", "openssl, TLSv1.2", "jdk, TLSv1.3", "jdk, TLSv1.2"})
    @DisplayName("gets an early answer to a client that is still sending")
    void anEarlyAnswerArrives(String engine, String version) throws Exception {
        Slipstream proxy =
                proxy(pair(firstFiles) + ", engine: " + engine, "limits: { body: 1KiB }\ntimeouts: { linger: 5s }\n");
        try (TlsClient client = client(proxy, version)) {
            client.send(POST + "content-length: 1000000\r\n\r\n");
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        client.send("x".repeat(10_000));
                    }
                } catch (IOException over) {
                    // It need not be taken to its end.
                }
            });
            sender.start();
            String answer = client.readAll();
            assertTrue(answer.startsWith("HTTP/1.1 413 ") && answer.contains("request_too_large"), answer);
            client.leave();
            sender.join(TimeUnit.SECONDS.toMillis(20));
            assertFalse(sender.isAlive());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @DisplayName("takes a client's close_notify for its leaving")
    void aCloseNotifyIsALeaving(String engine) throws IOException {
        Slipstream proxy = proxy(pair(firstFiles) + ", engine: " + engine, "");
        try (TlsClient client = client(proxy, "TLSv1.3")) {
            client.send(POST, Chat.request("tokens=100000 gap=10ms", true));
            client.readTo("\n\n");
            // In TLS 1.3 this is no more than a close_notify: the socket stays open both ways.
            client.socket().shutdownOutput();
            Until.holds("the request is given up", () -> proxy.inFlight() == 0);
            Until.holds("and its connection", () -> proxy.clientConnections() == 0);
        }
        Until.holds("the provider is idle", () -> provider.counters().active() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    @DisplayName("ends idle connections in order when the process ends")
    void aDrainEndsIdleConnectionsInOrder(String engine) throws Exception {
        Slipstream proxy = proxy(pair(firstFiles) + ", engine: " + engine, "timeouts: { drain: 10s }\n");
        try (TlsClient idle = client(proxy, "TLSv1.2");
                TlsClient busy = client(proxy, "TLSv1.2")) {
            idle.health();
            busy.send(POST, Chat.request("tokens=20 gap=10ms", true));
            String begun = busy.readTo("\n\n");
            PROXIES.drain(proxy);
            assertEquals("", idle.readAll());
            assertTrue(idle.endedWithAlert());
            assertTrue((begun + busy.readAll()).contains(Chat.DONE));
            assertTrue(busy.endedWithAlert());
        }
    }

    @Test
    @DisplayName("serves curl")
    void curl() throws Exception {
        assumeTrue(isCurlHere(), "no curl here");
        Slipstream proxy = proxy(pair(firstFiles), "");
        for (String tls : new String[] {"--tlsv1.3", "--tls-max=1.2"}) {
            String[] limit = tls.split("=", 2);
            Process curl = start(
                    "curl",
                    "-sSN",
                    "--max-time",
                    "20",
                    "--http1.1",
                    limit[0],
                    limit.length > 1 ? limit[1] : "--no-progress-meter",
                    "--cacert",
                    ca.toString(),
                    "-H",
                    "content-type: application/json",
                    "-d",
                    new String(Chat.request("tokens=3", true), StandardCharsets.UTF_8),
                    RunningProxy.tlsUrl(proxy) + Chat.PATH);
            String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(curl.waitFor(20, TimeUnit.SECONDS));
            assertEquals(0, curl.exitValue(), said);
            assertTrue(said.endsWith(Chat.DONE), said);
        }
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean isCurlHere() throws InterruptedException {
        try {
            Process version = start("curl", "--version");
            return version.waitFor(20, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
