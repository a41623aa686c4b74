package dev.slipstream.ingress;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which answers to an incomplete request end the connection, and which let the rest be dropped. */
class LastAnswerTest {
    private static final String POST =
            "POST /v1/chat/completions HTTP/1.1\r\nhost: p\r\ncontent-type: application/json\r\n";

    @Test
    void aBodyThatIsTooLateIsNotWaitedForAgainHoweverSmall() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(POST + "content-length: 100\r\n\r\n{\"model\"");
            proxy.advance(121, TimeUnit.SECONDS);
            String answer = client.received();
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            assertTrue(answer.contains("\r\nconnection: close\r\n"), answer);
            assertFalse(client.isOpen());
        }
    }

    @Test
    void aChunkedBodyThatMakesNoSenseEndsItsConnection() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(POST + "transfer-encoding: chunked\r\n\r\nnonsense\r\n");
            String answer = client.received();
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("\r\nconnection: close\r\n"), answer);
            assertFalse(client.isOpen());
        }
    }

    @Test
    void theSmallRestOfABodyThatNobodyWantsIsDroppedAndTheNextRequestAnswered() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client =
                    proxy.client().send("POST /nothing HTTP/1.1\r\nhost: p\r\ncontent-length: 10\r\n\r\n12345");
            String answer = client.received();
            assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
            assertFalse(answer.contains("connection: close"), answer);
            client.send("67890GET /health HTTP/1.1\r\nhost: p\r\n\r\n");
            assertTrue(client.received().startsWith("HTTP/1.1 200 "));
        }
    }
}
