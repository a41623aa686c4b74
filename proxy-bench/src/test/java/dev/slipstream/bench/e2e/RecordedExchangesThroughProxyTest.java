package dev.slipstream.bench.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.bench.upstream.RecordedExchange;
import dev.slipstream.bench.upstream.RecordedExchanges;
import dev.slipstream.bench.upstream.ReplayDelivery;
import dev.slipstream.boot.Slipstream;
import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A recorded exchange through the proxy")
class RecordedExchangesThroughProxyTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private static final String KEY = "sk-slip-recorded-01";
    private static final int BYTE_BY_BYTE = 8;
    private static final Set<String> SENT_UPSTREAM = Set.of(
            "host",
            "authorization",
            "x-api-key",
            "accept-encoding",
            "content-length",
            "content-type",
            "accept",
            "user-agent",
            "anthropic-version",
            "anthropic-beta",
            "openai-beta");
    private static final List<String> RETURNED =
            List.of("content-type", "retry-after", "retry-after-ms", "x-should-retry", "openai-processing-ms");

    private RecordingUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = new RecordingUpstream();
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
    }

    @ParameterizedTest(name = "of this project keeps its bytes, but for the model, on {0}")
    @ValueSource(strings = {"loops: 1, transport: auto", "loops: 2, transport: nio"})
    void bundled(String runtime) throws Exception {
        passesAll("runtime: { " + runtime + " }\n", RecordedExchanges.bundled());
    }

    @Test
    @DisplayName("of the shared collection keeps its bytes, but for the model")
    void shared() throws Exception {
        Path file = ProjectRoot.path().resolveSibling("shared").resolve("traffic/shared.jsonl");
        assumeTrue(Files.exists(file), () -> "there is no " + file);
        List<RecordedExchange> exchanges = RecordedExchanges.load(file);
        assertEquals(
                97,
                exchanges.stream()
                        .filter(RecordedExchangesThroughProxyTest::isPost)
                        .count());
        passesAll("", exchanges);
    }

    private static boolean isPost(RecordedExchange exchange) {
        return exchange.request().method().equals("POST");
    }

    /** Every recording under each name and in each delivery, byte by byte the shortest streams and others alone. */
    private void passesAll(String runtime, List<RecordedExchange> all) throws Exception {
        List<RecordedExchange> exchanges =
                all.stream().filter(RecordedExchangesThroughProxyTest::isPost).toList();
        Slipstream proxy = PROXIES.start(runtime + configuration(exchanges));
        try (RawClient client = new RawClient(proxy.apiAddress().getPort())) {
            for (int i = 0; i < exchanges.size(); i++) {
                RecordedExchange exchange = exchanges.get(i);
                passes(client, exchange, exchange.model(), ReplayDelivery.WHOLE);
                passes(client, exchange, longer(i), ReplayDelivery.EVENTS);
                passes(client, exchange, shorter(i), ReplayDelivery.WHOLE);
            }
            for (boolean streaming : new boolean[] {true, false}) {
                List<RecordedExchange> shortest = exchanges.stream()
                        .filter(exchange -> exchange.streaming() == streaming)
                        .sorted((a, b) -> Integer.compare(
                                a.response().body().length(),
                                b.response().body().length()))
                        .limit(BYTE_BY_BYTE / 2)
                        .toList();
                for (RecordedExchange exchange : shortest) {
                    int index = exchanges.indexOf(exchange);
                    passes(client, exchange, longer(index), ReplayDelivery.BYTES);
                }
            }
        }
        assertEquals(0, upstream.waiting(), "requests that nobody made");
    }

    private static String longer(int index) {
        return "a-name-that-is-longer-than-whatever-the-provider-may-call-its-model-" + index;
    }

    private static String shorter(int index) {
        return Integer.toString(index, Character.MAX_RADIX);
    }

    private void passes(RawClient client, RecordedExchange exchange, String name, ReplayDelivery delivery)
            throws Exception {
        String what = exchange + " as " + name + ", " + delivery;
        boolean anthropic = exchange.dialect() == Dialect.ANTHROPIC;
        String recorded = exchange.request().body();
        String ours = TopLevelModel.replace(recorded, "\"" + name + "\"");
        upstream.answerWith(exchange.response(), delivery);
        client.send(
                "POST",
                path(exchange),
                fields(exchange) + "x-slipstream-key: " + KEY + "\r\n",
                ours.getBytes(StandardCharsets.UTF_8));
        RawMessage response = received(client, what);
        assertEquals(exchange.response().status(), response.status(), () -> what + response.text());
        assertArrayEquals(exchange.response().body().getBytes(StandardCharsets.UTF_8), response.body(), what);
        for (String returned : RETURNED) {
            assertEquals(exchange.response().headers().get(returned), response.field(returned), what + returned);
        }
        assertEquals(anthropic ? "anthropic" : "openai", response.field("x-slipstream-provider"), what);
        assertEquals("1", response.field("x-slipstream-attempts"), what);

        RawMessage request = upstream.take();
        assertArrayEquals(recorded.getBytes(StandardCharsets.UTF_8), request.body(), what);
        assertEquals("POST /base" + path(exchange) + " HTTP/1.1", request.startLine(), what);
        assertHead(exchange, request, what);
    }

    private static RawMessage received(RawClient client, String what) {
        try {
            return client.receive();
        } catch (IOException e) {
            throw new AssertionError(what, e);
        }
    }

    private static void assertHead(RecordedExchange exchange, RawMessage request, String what) {
        boolean anthropic = exchange.dialect() == Dialect.ANTHROPIC;
        for (RawMessage.Field field : request.fields()) {
            assertTrue(
                    SENT_UPSTREAM.contains(field.name()) || field.name().startsWith("x-stainless-"),
                    () -> what + field.name());
        }
        exchange.request().headers().forEach((field, value) -> {
            if (SENT_UPSTREAM.contains(field) || field.startsWith("x-stainless-")) {
                assertEquals(value, request.field(field), what + field);
            }
        });
        assertEquals("identity", request.field("accept-encoding"), what);
        if (anthropic) {
            assertEquals("provider-key", request.field("x-api-key"), what);
            assertNull(request.field("authorization"), what);
        } else {
            assertEquals("Bearer provider-key", request.field("authorization"), what);
            assertNull(request.field("x-api-key"), what);
        }
    }

    /** What the client sends: the recording's own fields, as the official clients would send them to us. */
    private static String fields(RecordedExchange exchange) {
        StringBuilder fields = new StringBuilder();
        for (Map.Entry<String, String> field : exchange.request().headers().entrySet()) {
            fields.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
        }
        return fields.toString();
    }

    /** Recorded paths have their hosts' own prefixes, which a base URL holds; a query is the client's. */
    private static String path(RecordedExchange exchange) {
        String recorded = exchange.request().path();
        String query = recorded.indexOf('?') < 0 ? "" : recorded.substring(recorded.indexOf('?'));
        String path = switch (exchange.kind().toLowerCase(Locale.ROOT)) {
            case "messages" -> "/v1/messages";
            case "count_tokens" -> "/v1/messages/count_tokens";
            default -> "/v1/chat/completions";
        };
        return path + query;
    }

    private String configuration(List<RecordedExchange> exchanges) {
        StringBuilder yaml = new StringBuilder("""
                keys: [ { name: recorded, key: "%s" } ]
                providers:
                  openai:    { base_url: "%s/base/v1", dialect: openai, api_key: provider-key }
                  anthropic: { base_url: "%s/base", dialect: anthropic, api_key: provider-key }
                models:
                """.formatted(KEY, upstream.url(), upstream.url()));
        Set<String> named = new java.util.HashSet<>();
        for (int i = 0; i < exchanges.size(); i++) {
            RecordedExchange exchange = exchanges.get(i);
            String provider = exchange.dialect().name().toLowerCase(Locale.ROOT);
            String renamed = "  - { name: \"%s\", targets: [ { provider: %s, model: \"%s\" } ] }%n";
            yaml.append(renamed.formatted(longer(i), provider, exchange.model()));
            yaml.append(renamed.formatted(shorter(i), provider, exchange.model()));
            if (named.add(exchange.model())) {
                // In the dialects it was recorded in alone: a recorded 429 is the answer, and nobody else is asked.
                String targets = exchanges.stream()
                        .filter(other -> other.model().equals(exchange.model()))
                        .map(other -> other.dialect().name().toLowerCase(Locale.ROOT))
                        .distinct()
                        .map(name -> "{ provider: " + name + " }")
                        .collect(Collectors.joining(", "));
                yaml.append("  - { name: \"%s\", targets: [ %s ] }%n".formatted(exchange.model(), targets));
            }
        }
        return yaml.toString();
    }
}
