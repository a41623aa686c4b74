package dev.slipstream.bench.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.ReceivedRequest;
import dev.slipstream.bench.upstream.RecordedExchange;
import dev.slipstream.bench.upstream.RecordedExchanges;
import dev.slipstream.bench.upstream.ReplayDelivery;
import dev.slipstream.bench.upstream.ReplayProvider;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.boot.Slipstream;
import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes, streams, errors and second tries. */
@DisplayName("Whatever is spoken, answers:")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.slipstream.bench.contract.Setup#forAnswers")
class AnswersContractTest extends Contract {
    private static final int MIB = 1024 * 1024;

    // ------------------------------------------------------------------ bytes

    @Test
    @DisplayName("every byte of a request arrives, whatever its size, with the provider's key alone")
    void requestBytes() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        onEachLoop(proxy, client -> {
            for (int padding : new int[] {0, 10_000, 70_000, 3 * MIB}) {
                byte[] sent = Chat.request("", false, padding);
                assertServed(Chat.call(client, sent));
                ReceivedRequest received =
                        provider.received().get(provider.received().size() - 1);
                assertArrayEquals(sent, received.body(), "with " + padding);
                assertEquals(Chat.PATH, received.uri());
                assertEquals(setup.provider().isHttp2() ? "HTTP/2" : "HTTP/1.1", received.protocol());
                assertEquals("Bearer of-the-provider", received.header("authorization"));
                assertNull(received.header("x-api-key"));
                assertEquals("127.0.0.1:" + provider.port(), received.header("host"));
            }
        });
    }

    @Test
    @DisplayName("a target's name for the model stands in the request, and nothing else is changed")
    void renamed() throws IOException {
        SimulatedProvider provider = provider();
        String name = "another-name-that-is-longer";
        Slipstream proxy = PROXIES.start(setup.config(
                setup.provider("one", provider.openAiBaseUrl()),
                "{ provider: one, model: \"" + name + "\" }",
                "limits: { scan_first: 64KiB }\n"));
        onEachLoop(proxy, client -> {
            for (int padding : new int[] {0, 10_000, 300_000}) {
                byte[] sent = Chat.request("", false, padding);
                assertServed(Chat.call(client, sent));
                List<ReceivedRequest> received = provider.received();
                assertEquals(
                        new String(sent, UTF_8).replace("\"model\":\"m\"", "\"model\":\"" + name + "\""),
                        received.get(received.size() - 1).bodyText());
            }
        });
    }

    @Test
    @DisplayName("every byte of a recorded answer arrives, in one piece, by events and byte by byte")
    void answerBytes() throws IOException {
        List<RecordedExchange> exchanges = RecordedExchanges.bundled().stream()
                .filter(each -> each.request().method().equals("POST"))
                .filter(each ->
                        each.kind().equals("chat_completions") || each.kind().equals("messages"))
                // Others would be asked for at the next target.
                .filter(each -> each.response().status() == 200)
                .filter(each -> each.response().body().length() < 8_000)
                .toList();
        assertTrue(exchanges.size() >= 4, exchanges.toString());
        for (ReplayDelivery delivery : ReplayDelivery.values()) {
            try (ReplayProvider provider =
                    ReplayProvider.start("127.0.0.1", 0, setup.provider().wire(), exchanges, delivery)) {
                Slipstream proxy = PROXIES.start(setup.config(
                        setup.provider("one", provider.openAiBaseUrl())
                                + setup.provider("two", provider.anthropicBaseUrl(), "anthropic"),
                        "{ provider: one }, { provider: two }",
                        ""));
                onEachLoop(proxy, client -> {
                    for (RecordedExchange each : exchanges) {
                        boolean anthropic = each.dialect() == Dialect.ANTHROPIC;
                        client.send(
                                anthropic ? "/v1/messages" : Chat.PATH,
                                each.request().body().getBytes(UTF_8));
                        Chat.Whole answer = Chat.rest(client.answer());
                        assertEquals(each.response().status(), answer.status(), each.toString());
                        assertEquals(each.response().body(), answer.text(), each.toString());
                    }
                });
            }
        }
    }

    @Test
    @DisplayName("a large whole answer has its length, and all of its bytes")
    void largeAnswer() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        onEachLoop(proxy, client -> {
            Chat.Whole answer = Chat.call(client, "tokens=2000 token-bytes=1000");
            assertServed(answer);
            assertEquals("" + answer.body().length, answer.head().field("content-length"));
            assertTrue(answer.body().length > 2_000_000);
            assertTrue(answer.text().endsWith("}"));
        });
    }

    // ------------------------------------------------------------------ streams

    @Test
    @DisplayName("an event passes when it comes, not when the next does")
    void eventsPass() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        onEachLoop(proxy, client -> {
            client.send(Chat.PATH, Chat.request("stall-after=3", true));
            ApiClient.Answer answer = client.answer();
            assertEquals(200, answer.status());
            assertTrue(answer.field("content-type").startsWith("text/event-stream"));
            String events = Chat.events(answer, 3);
            assertEquals(3, events.split("\n\n", -1).length - 1, events);
            assertEquals(1, provider.counters().active());
            answer.cancel();
            awaitIdle(provider);
        });
    }

    @Test
    @DisplayName("a stream is complete, and the connection serves the next")
    void wholeStream() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        onEachLoop(proxy, client -> {
            for (int i = 0; i < 3; i++) {
                Chat.Whole answer = Chat.call(client, Chat.request("tokens=20 gap=1ms", true));
                assertServed(answer);
                assertTrue(answer.text().endsWith(Chat.DONE));
                assertTrue(answer.text().split("\n\n", -1).length > 20, answer.text());
            }
        });
        assertEquals(setup.loops(), provider.counters().connections());
    }

    @Test
    @DisplayName("the provider's own error event passes, and the stream ends as it did")
    void errorEvent() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        onEachLoop(proxy, client -> {
            Chat.Whole answer = Chat.call(client, Chat.request("error-event-after=2", true));
            assertServed(answer);
            assertTrue(answer.text().contains("\"error\""), answer.text());
            assertEquals("", answer.error());
        });
    }

    @Test
    @DisplayName("a stream that breaks ends in one error event, and is not said to be done")
    void brokenStream() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        onEachLoop(proxy, client -> {
            for (String how : List.of("close-after=2", "cut-after=2", "reset-after=2")) {
                Chat.Whole answer = Chat.call(client, Chat.request(how + " gap=5ms", true));
                assertServed(answer);
                String text = answer.text();
                assertTrue(text.contains("\n\nevent: error\ndata: {\"error\""), how + ": " + text);
                assertEquals(text.indexOf("event: error"), text.lastIndexOf("event: error"), text);
                assertTrue(text.endsWith("\n\n"), text);
                assertFalse(text.contains("[DONE]"), text);
            }
        });
    }

    @Test
    @DisplayName("a whole answer that breaks is never presented as complete")
    void brokenAnswer() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        for (String how : List.of("truncate", "cut-after=1", "reset-after=1")) {
            try (ApiClient client = setup.client().connect(proxy.apiAddress())) {
                client.send(Chat.PATH, Chat.request(how + " tokens=2000 token-bytes=100", false));
                ApiClient.Answer answer;
                try {
                    answer = client.answer();
                } catch (IOException broken) {
                    throw new AssertionError(how, broken);
                }
                if (answer.status() == 200) {
                    assertThrows(IOException.class, () -> Chat.rest(answer), how);
                } else {
                    // A reset may overtake what it followed.
                    assertFailed(502, "upstream_closed", Chat.rest(answer));
                }
            }
        }
        onEachLoop(proxy, client -> assertServed(Chat.call(client, "")));
    }

    // ------------------------------------------------------------------ errors

    @Test
    @DisplayName("the provider's own errors pass as they are")
    void providersErrors() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        onEachLoop(proxy, client -> {
            for (int status : new int[] {400, 401, 404, 429, 500, 503}) {
                Chat.Whole answer = Chat.call(client, "status=" + status + " retry-after=7");
                assertEquals(status, answer.status());
                assertEquals("provider", answer.head().field("x-slipstream-error-source"));
                assertEquals("7", answer.head().field("retry-after"));
                assertTrue(answer.text().contains("\"error\""), answer.text());
            }
        });
    }

    @Test
    @DisplayName("a provider that ends without an answer is 502, and the client's connection lives on")
    void noAnswer() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        onEachLoop(proxy, client -> {
            for (String how : List.of("close-after=0", "reset-after=0")) {
                for (boolean stream : new boolean[] {true, false}) {
                    assertFailed(502, "upstream_closed", Chat.call(client, Chat.request(how, stream)));
                }
                assertServed(Chat.call(client, ""));
            }
        });
    }

    @Test
    @DisplayName("a provider that is not there is 502")
    void unreachable() throws IOException {
        SimulatedProvider provider = provider();
        provider.close();
        Slipstream proxy = proxy(provider, "timeouts: { connect: 2s }\n");
        onEachLoop(proxy, client -> assertFailed(502, "upstream_unreachable", Chat.call(client, "")));
    }

    // ------------------------------------------------------------------ second tries

    @Test
    @DisplayName("a provider that is busy, failing or not there is not the end where there is a next target")
    void nextTarget() throws IOException {
        SimulatedProvider first = provider();
        SimulatedProvider second = provider();
        for (int status : new int[] {429, 500, 502, 503, 504, 529}) {
            Slipstream proxy = proxy(first.openAiBaseUrl(), "m[[status=" + status + "]]", second, "");
            onEachLoop(proxy, client -> {
                for (int padding : new int[] {0, 100_000}) {
                    Chat.Whole answer = Chat.call(client, Chat.request("", false, padding));
                    assertServed(answer);
                    assertEquals("two", answer.head().field("x-slipstream-provider"));
                    assertEquals("2", answer.head().field("x-slipstream-attempts"));
                    assertArrayEquals(
                            Chat.request("", false, padding),
                            second.received().get(second.received().size() - 1).body());
                }
            });
        }
        first.close();
        Slipstream proxy = proxy(first.openAiBaseUrl(), "m", second, "timeouts: { connect: 2s }\n");
        onEachLoop(proxy, client -> assertServed(Chat.call(client, Chat.request("", true))));
    }

    @Test
    @DisplayName("what cannot be sent again is not: the first target's answer passes")
    void notReplayable() throws IOException {
        SimulatedProvider first = provider();
        SimulatedProvider second = provider();
        Slipstream proxy = proxy(first.openAiBaseUrl(), "m[[status=503]]", second, "limits: { replay: 64KiB }\n");
        onEachLoop(
                proxy,
                client -> assertEquals(
                        503, Chat.call(client, Chat.request("", false, 200_000)).status()));
        assertEquals(0, second.counters().requests());
    }

    @Test
    @DisplayName("what may have been done is not done again, what was refused is")
    void refused() throws IOException {
        SimulatedProvider first = provider();
        SimulatedProvider second = provider();
        Slipstream proxy = proxy(first.openAiBaseUrl(), "m[[refuse]]", second, "pool: { warm: 0 }\n");
        onEachLoop(proxy, client -> {
            Chat.Whole answer = Chat.call(client, "");
            if (setup.provider().isHttp2()) {
                assertServed(answer);
                assertEquals("two", answer.head().field("x-slipstream-provider"));
            } else {
                // HTTP/1.1 has no word for it.
                assertFailed(502, "upstream_closed", answer);
            }
        });
        if (!setup.provider().isHttp2()) {
            assertEquals(0, second.counters().requests());
        }
    }

    @Test
    @DisplayName("a connection that ended while it was idle is not the request's end")
    void deadIdleConnection() throws IOException {
        SimulatedProvider provider = provider();
        try (Gate gate = new Gate(provider.port())) {
            Slipstream proxy = PROXIES.start(setup.config(gate.through(provider.openAiBaseUrl()), ""));
            onEachLoop(proxy, client -> {
                for (int round = 0; round < 5; round++) {
                    assertServed(Chat.call(client, ""));
                    long before = provider.counters().requests();
                    gate.breakConnections();
                    assertServed(Chat.call(client, ""));
                    assertEquals(before + 1, provider.counters().requests());
                }
            });
        }
    }
}
