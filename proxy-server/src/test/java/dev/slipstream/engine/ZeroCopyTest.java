package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.chat;
import static dev.slipstream.engine.Requests.chunk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The body of an answer reaches the client's socket in the memory it was read into. */
@Tag("jdk25")
final class ZeroCopyTest {
    private static final String EVENT = "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n";

    @Test
    void aWholeAnswerIsNotCopied() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer provider = proxy.provider(0);
            String body = Requests.ANSWER;
            provider.send(Requests.ok(body));
            assertSameMemory(client, provider, body);
        }
    }

    @Test
    void aWholeAnswerIsOneBufferWhereItsHeadHasRoom() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer provider = proxy.provider(0).withRoomBefore(512);
            provider.send(Requests.ok(Requests.ANSWER));
            List<ByteBuf> written = client.receivedBuffers();
            assertEquals(1, written.size());
            ByteBuf out = written.get(0);
            String text = out.toString(StandardCharsets.ISO_8859_1);
            int body = text.indexOf("\r\n\r\n") + 4;
            assertTrue(text.startsWith("HTTP/1.1 200 OK\r\n"), text);
            assertEquals(Requests.ANSWER, text.substring(body));
            assertTrue(provider.wasReadInto(out.memoryAddress() + out.readerIndex() + body));
            out.release();
        }
    }

    @Test
    void aHeadDoesNotWaitForItsBody() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer provider = proxy.provider(0).withRoomBefore(512);
            provider.send(Requests.eventsHead());
            assertTrue(client.received().endsWith("\r\n\r\n"));
            provider.send(chunk(EVENT));
            assertEquals(chunk(EVENT), client.received());
        }
    }

    @Test
    void aWholeAnswerInManyReadsIsNotCopied() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer provider = proxy.provider(0);
            String body = "{\"text\":\"" + "x".repeat(3000) + "\"}";
            provider.sendInReadsOf(100, Requests.ok(body).getBytes(StandardCharsets.ISO_8859_1));
            assertSameMemory(client, provider, body);
        }
    }

    @Test
    void theEventsOfAStreamAreNotCopiedAndKeepTheirFraming() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer provider = proxy.provider(0);
            provider.send(Requests.eventsHead());
            for (int i = 0; i < 5; i++) {
                provider.send(chunk(EVENT));
            }
            provider.send(chunk(EVENT) + chunk(EVENT) + Requests.LAST_CHUNK);
            assertSameMemory(client, provider, chunk(EVENT).repeat(7));
        }
    }

    @Test
    void whatEndsWithTheConnectionIsNotCopied() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer provider = proxy.provider(0);
            provider.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + EVENT);
            provider.send(EVENT);
            provider.leave();
            assertSameMemory(client, provider, EVENT.repeat(2));
        }
    }

    /** Every byte of {@code body}, in order, was written from memory that was read from the provider. */
    private static void assertSameMemory(EmbeddedPeer client, EmbeddedPeer provider, String body) {
        List<ByteBuf> written = client.receivedBuffers();
        StringBuilder fromProvider = new StringBuilder();
        for (ByteBuf out : written) {
            if (provider.wasReadInto(out.memoryAddress() + out.readerIndex())) {
                fromProvider.append(out.toString(StandardCharsets.ISO_8859_1));
            }
        }
        int buffers = written.size();
        written.forEach(ByteBuf::release);
        assertEquals(body, fromProvider.toString());
        assertTrue(buffers > 0);
    }
}
