package dev.slipstream.bench.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A virtual machine that is moved, a suspended container, a long collection. */
@DisplayName("A proxy that is stopped for longer than its deadlines, and goes on")
@Tag("process")
class StoppedProcessTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String FAILURES = "slipstream_failures_total{kind=\"%s\"}";

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("blames nobody whose bytes came meanwhile, and uses no connection that died meanwhile")
    void goesOn() throws Exception {
        List<Client> streams = new ArrayList<>();
        List<Client> answers = new ArrayList<>();
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                ScriptedProvider leaving = new ScriptedProvider(request -> {
                    request.readBody();
                    request.answer("", "{}");
                    return true;
                });
                ForkedProxy proxy =
                        new ForkedProxy(directory, "", """
                        runtime: { loops: 2 }
                        pool: { warm: 0 }
                        timeouts: { first_byte: 2s, between_bytes: 2s, client_idle: 2s, pool_wait: 2s }
                        providers:
                          sim: { base_url: "%s", dialect: openai }
                          leaving: { base_url: "%s/v1", dialect: openai }
                        models:
                          - { name: m, targets: [ { provider: sim } ] }
                          - { name: left, targets: [ { provider: leaving } ] }
                        """.formatted(provider.openAiBaseUrl(), leaving.url()))) {
            for (int i = 0; i < 20; i++) {
                Client stream = proxy.client();
                streams.add(stream);
                stream.send(PATH, Client.chat("tokens=16 gap=200ms", true));
                Client answer = proxy.client();
                answers.add(answer);
                answer.send(PATH, Client.chat("delay=1500ms tokens=2", false));
            }
            House.until("all are at the provider", () -> provider.counters().active() == 40);
            Client idle = proxy.client();
            answers.add(idle);
            assertEquals(200, idle.chat("tokens=2").status());
            Client dead = proxy.client();
            streams.add(dead);
            String left = Client.chat("", false).replace("\"m\"", "\"left\"");
            assertEquals(200, dead.post(PATH, left).status());

            proxy.command.signal("STOP");
            long stopped = System.nanoTime();
            idle.send(PATH, Client.chat("tokens=2", false));
            dead.send(PATH, left);
            Client during = proxy.client();
            answers.add(during);
            during.send(PATH, Client.chat("tokens=2", false));
            leaving.closeConnections();
            House.until("every deadline has passed", () -> System.nanoTime() - stopped > TimeUnit.SECONDS.toNanos(3));
            proxy.command.signal("CONT");

            Client.Answer renewed = dead.read();
            assertEquals(200, renewed.status(), renewed::head);
            assertEquals(2, leaving.connections.get());
            streams.remove(dead);
            dead.close();
            for (Client answer : answers) {
                assertEquals(200, answer.read().status());
            }
            for (Client stream : streams) {
                Client.Answer whole = stream.read();
                assertEquals(200, whole.status());
                assertTrue(whole.text().endsWith("data: [DONE]\n\n"), whole::text);
            }
            for (String word : List.of("upstream_timeout", "upstream_closed", "request_timeout", "pool_timeout")) {
                assertEquals(0, proxy.metric(FAILURES.formatted(word)), word);
            }
        } finally {
            for (Client each : streams) {
                each.close();
            }
            for (Client each : answers) {
                each.close();
            }
        }
    }
}
