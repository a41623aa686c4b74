package dev.slipstream.bench.rawh2;

import static dev.slipstream.bench.rawh2.RawFrame.DATA;
import static dev.slipstream.bench.rawh2.RawFrame.GOAWAY;
import static dev.slipstream.bench.rawh2.RawFrame.HEADERS;
import static dev.slipstream.bench.rawh2.RawFrame.RST_STREAM;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("HTTP/2 by hand")
class RawH2Test {
    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** RFC 9113 §4.1, §6. */
    @Test
    @DisplayName("writes frames as the RFC draws them, and as it does not")
    void frames() {
        assertEquals(
                "00000c04000000000000030000006400040000ffff",
                hex(RawFrame.settings(3, 100, 4, 65535).encode()));
        assertEquals("000000040100000000", hex(RawFrame.settingsAck().encode()));
        assertEquals(
                "00000403000000000500000008",
                hex(RawFrame.rst(5, RawFrame.CANCEL).encode()));
        assertEquals(
                "00000a07000000000000000003000000026869",
                hex(RawFrame.goAway(3, RawFrame.INTERNAL_ERROR, "hi").encode()));
        assertEquals(
                "00000408000000000700000400", hex(RawFrame.windowUpdate(7, 1024).encode()));
        assertEquals("000008060000000000000000000000002a", hex(RawFrame.ping(42).encode()));
        assertEquals(
                "0000050200000000030000000110", hex(RawFrame.priority(3, 1, 16).encode()));
        assertEquals(
                "000002000100000001" + "6f6b", hex(RawFrame.data(1, true, "ok").encode()));
        assertEquals(
                "ffffff000100000001" + "6f6b", hex(RawFrame.data(1, true, "ok").encodeDeclaring(0xffffff)));
        assertEquals("000000ffff80000001", hex(new RawFrame(255, 255, 0x80000001, new byte[0]).encode()));
        assertEquals(1024, RawFrame.windowUpdate(7, 1024).increment());
        assertEquals(100, RawFrame.settings(3, 1, 3, 100).setting(3, -1));
        assertEquals(-1, RawFrame.settings(3, 1).setting(4, -1));
    }

    /** RFC 7541, C.1 and C.2. */
    @Test
    @DisplayName("writes header fields as the RFC's examples do")
    void headerFields() {
        assertEquals("1f9a0a", hex(new RawHeaderBlock().integer(0, 5, 1337).bytes()));
        assertEquals("2a", hex(new RawHeaderBlock().integer(0x20, 5, 10).bytes()));
        assertEquals("82", hex(new RawHeaderBlock().indexed(2).bytes()));
        assertEquals(
                "400a637573746f6d2d6b65790d637573746f6d2d686561646572",
                hex(new RawHeaderBlock()
                        .incremental("custom-key", "custom-header")
                        .bytes()));
        assertEquals(
                "040c2f73616d706c652f70617468",
                hex(new RawHeaderBlock().field(4, "/sample/path").bytes()));
        assertEquals(
                "100870617373776f726406736563726574",
                hex(new RawHeaderBlock().neverIndexed("password", "secret").bytes()));
        assertEquals(
                "007f9a0961" + "0062",
                hex(new RawHeaderBlock().lying(1305, "a", 0, "b").bytes()));
    }

    @Test
    @DisplayName("talks to itself: greetings, heads over continuations, a shared table, bodies, pings and ends")
    void bothSides() throws Exception {
        RawH2Server.Script script = (connection, number) -> {
            assertEquals(70_000, connection.greetAsServer(1, 0).setting(RawFrame.INITIAL_WINDOW_SIZE, 0));
            for (int stream = 1; stream <= 3; stream += 2) {
                RawMessageHead head = connection.expectHeaders(stream);
                assertEquals("/p", head.get(":path"));
                assertEquals(List.of("1", "2"), head.all("x-many"));
                assertNull(head.get("x-none"));
                assertEquals("body", connection.readBody(stream));
                connection.answer(stream, "text/plain", "answer " + stream);
            }
            connection.write(RawFrame.goAway(3, RawFrame.NO_ERROR, "bye"));
        };
        try (RawH2Server server = RawH2Server.start(script);
                RawH2 client = RawH2.connect(server.port())) {
            client.greetAsClient(RawFrame.INITIAL_WINDOW_SIZE, 70_000);
            byte[] first = RawHeaderBlock.request("POST", "http", "localhost", "/p", "x-many", "1")
                    .incremental("x-many", "2")
                    .bytes();
            client.write(
                    RawFrame.openHeaders(1, false, java.util.Arrays.copyOf(first, 10)),
                    RawFrame.continuation(1, false, java.util.Arrays.copyOfRange(first, 10, 11)),
                    RawFrame.continuation(1, true, java.util.Arrays.copyOfRange(first, 11, first.length)),
                    RawFrame.data(1, false, "bo"),
                    RawFrame.data(1, true, "dy"));
            assertEquals(200, client.expectHeaders(1).status());
            assertEquals("answer 1", client.readBody(1));
            // 62: what the first request put into the table.
            byte[] second = RawHeaderBlock.request("POST", "http", "localhost", "/p", "x-many", "1")
                    .indexed(62)
                    .bytes();
            client.write(RawFrame.headers(3, false, second), RawFrame.data(3, true, "body"));
            assertEquals("text/plain", client.expectHeaders(3).get("content-type"));
            assertEquals("answer 3", client.readBody(3));
            RawFrame goAway = client.expect(GOAWAY, 0);
            assertEquals(3, goAway.lastStreamId());
            assertEquals(List.of(), client.readToEnd());
            assertEquals(1, server.connections());
        }
    }

    @Test
    @DisplayName("fails by its deadline and tells what came instead")
    void deadlines() throws Exception {
        RawH2Server.Script script = (connection, number) -> {
            connection.greetAsServer();
            connection.write(RawFrame.rst(9, RawFrame.CANCEL));
            connection.expect(DATA, 1);
        };
        try (RawH2Server server = RawH2Server.start(script);
                RawH2 client = RawH2.connect(server.port())) {
            client.greetAsClient();
            AssertionError other = assertThrows(AssertionError.class, () -> client.expect(HEADERS, 1));
            assertTrue(String.valueOf(other.getMessage()).contains("RST_STREAM stream=9"), other.getMessage());
            AssertionError late =
                    assertThrows(AssertionError.class, () -> client.expect(RST_STREAM, 1, Duration.ofMillis(50)));
            assertTrue(String.valueOf(late.getMessage()).contains("waited in vain"), late.getMessage());
            client.expectNothingBut(Duration.ofMillis(20));
            client.write(RawFrame.data(1, true, ""));
            assertThrows(AssertionError.class, () -> client.expectNothingBut(Duration.ofSeconds(10)));
        }
    }

    @Test
    @DisplayName("tells at its close that a script failed")
    void failingScript() throws Exception {
        RawH2Server server = RawH2Server.start((connection, number) -> connection.expectPreface());
        try (RawH2 client = RawH2.connect(server.port())) {
            client.write(new byte[24]);
            assertEquals(List.of(), client.readToEnd());
        }
        AssertionError failed = assertThrows(AssertionError.class, server::close);
        assertTrue(String.valueOf(failed.getCause()).contains("no preface"), String.valueOf(failed.getCause()));
    }

    @Test
    @DisplayName("is understood by a client that is not ours, on TLS with ALPN")
    void byTheJdk() throws Exception {
        SSLContexts contexts = new SSLContexts();
        RawH2Server.Script script = (connection, number) -> {
            assertEquals("h2", connection.alpn());
            connection.greetAsServer();
            int stream = 1;
            RawMessageHead head = connection.expectHeaders(stream);
            assertEquals("POST", head.get(":method"));
            assertEquals("x".repeat(100_000), connection.readBody(stream));
            connection.answer(stream, "text/plain", "héllo");
            connection.readToEnd();
        };
        try (RawH2Server server = RawH2Server.startTls(contexts.server, script, "h2")) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(contexts.client).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/"))
                    .timeout(Duration.ofSeconds(20))
                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals("héllo", response.body());
            assertEquals(HttpClient.Version.HTTP_2, response.version());
        }
    }

    @Test
    @DisplayName("resets a connection, and sees one reset")
    void resets() throws Exception {
        RawH2Server.Script script = (connection, number) -> {
            connection.greetAsServer();
            connection.reset();
        };
        try (RawH2Server server = RawH2Server.start(script);
                RawH2 client = RawH2.connect(server.port())) {
            client.write(RawH2.PREFACE).write(RawFrame.settings());
            IOException end = assertThrows(IOException.class, () -> {
                while (true) {
                    client.next();
                }
            });
            assertTrue(end.toString().contains("reset"), end.toString());
        }
        assertArrayEquals(
                new byte[] {0, 0, 0, 8}, RawFrame.rst(1, RawFrame.CANCEL).payload());
    }

    private static final class SSLContexts {
        final javax.net.ssl.SSLContext server = SharedCertificates.server().context(null);
        final javax.net.ssl.SSLContext client =
                TestIdentity.trusting(SharedCertificates.authority().certificate());
    }
}
