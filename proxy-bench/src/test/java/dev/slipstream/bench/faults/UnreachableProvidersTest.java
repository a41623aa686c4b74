package dev.slipstream.bench.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A provider without a name, without a listener, behind a hole")
@Tag("process")
class UnreachableProvidersTest {
    private static final String PATH = "/v1/chat/completions";

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName(
            "is a 502 within the connect timeout, or the next target's answer; the log has the reason, the client not")
    void isNamed() throws IOException {
        List<Socket> filling = new ArrayList<>();
        try (ServerSocket hole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            fill(hole, filling);
            try (ForkedProxy proxy = new ForkedProxy(
                            directory, "", """
                    runtime: { loops: 1 }
                    pool: { warm: 0 }
                    timeouts: { connect: 700ms }
                    providers:
                      nameless: { base_url: "http://slipstream-test.invalid/v1", dialect: openai }
                      refusing: { base_url: "http://127.0.0.1:1/v1", dialect: openai }
                      hole: { base_url: "http://127.0.0.1:%d/v1", dialect: openai }
                      good: { base_url: "%s", dialect: openai }
                    models:
                      - { name: nameless, targets: [ { provider: nameless } ] }
                      - { name: refusing, targets: [ { provider: refusing } ] }
                      - { name: hole, targets: [ { provider: hole } ] }
                      - name: all
                        targets: [ { provider: nameless }, { provider: refusing }, { provider: hole }, { provider: good } ]
                    """.formatted(hole.getLocalPort(), provider.openAiBaseUrl()));
                    Client client = proxy.client()) {
                for (String model : List.of("nameless", "refusing", "hole")) {
                    // Twice: the second time the log is silent.
                    for (int i = 0; i < 2; i++) {
                        long start = System.nanoTime();
                        Client.Answer answer = client.post(PATH, body(model));
                        assertEquals(502, answer.status(), answer.head());
                        assertEquals("upstream_unreachable", answer.field("x-slipstream-error"));
                        assertFalse(answer.text().contains("127.0.0.1"), answer::text);
                        assertFalse(answer.text().contains("invalid\""), answer::text);
                        assertTrue(System.nanoTime() - start < 5_000_000_000L, model);
                    }
                }
                Client.Answer last = client.post(PATH, body("all"));
                assertEquals(200, last.status(), last.head());
                assertEquals("4", last.field("x-slipstream-attempts"));
                assertEquals("good", last.field("x-slipstream-provider"));
                proxy.command.awaitErr("provider hole cannot be reached");
                assertEquals(1, proxy.logged("provider hole cannot be reached"), proxy.command::toString);
                assertEquals(1, proxy.logged("provider nameless cannot be reached"), proxy.command::toString);
                assertEquals(1, proxy.logged("Connection refused"), proxy.command::toString);
                assertEquals(1, proxy.logged("timed out"), proxy.command::toString);
            }
        } finally {
            for (Socket each : filling) {
                each.close();
            }
        }
    }

    private static String body(String model) {
        return Client.chat("tokens=2", false).replace("\"m\"", "\"" + model + "\"");
    }

    /** Takes every place of the listener's backlog, behind which SYNs are dropped. */
    private static void fill(ServerSocket hole, List<Socket> filling) throws IOException {
        InetSocketAddress address = new InetSocketAddress(hole.getInetAddress(), hole.getLocalPort());
        for (int i = 0; i < 64; i++) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(address, 200);
            } catch (SocketTimeoutException isFull) {
                return;
            }
        }
        throw new AssertionError("the backlog has no end");
    }
}
