package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.answer;
import static dev.slipstream.engine.Requests.chat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.Http;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One head serves all connections of a pool: nothing of one answer may get into another. */
@DisplayName("The heads of answers")
final class AnswerHeadsTest {
    private static final String FIRST = answer(200, "openai-processing-ms: 111\r\n", "{\"first\":1}");
    private static final String SECOND = answer(429, "retry-after: 7\r\n", "{\"second\":2}");

    private static void assertFirst(EmbeddedPeer client) {
        Http answer = Http.read(client.allReceived());
        assertEquals(200, answer.status());
        assertEquals("111", answer.field("openai-processing-ms"));
        assertEquals("", answer.field("retry-after"));
        assertEquals("{\"first\":1}", answer.text());
    }

    private static void assertSecond(EmbeddedPeer client) {
        Http answer = Http.read(client.allReceived());
        assertEquals(429, answer.status());
        assertEquals("7", answer.field("retry-after"));
        assertEquals("", answer.field("openai-processing-ms"));
        assertEquals("{\"second\":2}", answer.text());
    }

    @Test
    @DisplayName("that come in pieces are kept apart, wherever the one is cut while the other comes")
    void twoAtATime() {
        for (int cut = 1; cut < FIRST.length(); cut++) {
            try (EmbeddedProxy proxy = new EmbeddedProxy()) {
                EmbeddedPeer one = proxy.client().send(chat());
                EmbeddedPeer other = proxy.client().send(chat());
                proxy.provider(0).send(FIRST.substring(0, cut));
                proxy.provider(1).send(SECOND.substring(0, 20));
                proxy.provider(0).send(FIRST.substring(cut));
                proxy.provider(1).send(SECOND.substring(20));
                assertFirst(one);
                assertSecond(other);
            }
        }
    }

    @Test
    @DisplayName("that broke off in the middle leave nothing behind for the next")
    void brokenOff() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer broken = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 200 OK\r\nretry-after: 9\r\nopenai-or");
            proxy.provider(0).leave();
            assertEquals(502, Http.read(broken.allReceived()).status());

            EmbeddedPeer next = proxy.client().send(chat());
            proxy.provider(1).send(FIRST);
            assertFirst(next);
        }
    }

    @Test
    @DisplayName("behind which another target is asked leave nothing behind for its answer")
    void nextTarget() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat("{\"model\":\"both\",\"messages\":[]}"));
            proxy.provider(0).send(answer(503, "retry-after: 9\r\n", "{}"));
            proxy.provider(1).send(FIRST);
            assertFirst(client);
        }
    }
}
