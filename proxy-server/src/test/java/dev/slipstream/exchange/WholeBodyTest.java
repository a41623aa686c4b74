package dev.slipstream.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.Http;
import dev.slipstream.loop.OffLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large bodies are read on another thread, which the test holds until it lets it go. */
@Timeout(60)
final class WholeBodyTest {
    private static final String CONFIG = """
            listen: { address: "127.0.0.1:0" }
            admin: { address: "127.0.0.1:0" }
            pool: { warm: 0 }
            timeouts: { pool_wait: 5s }
            providers:
              gpt: { base_url: "http://gpt.test/v1", dialect: openai, api_key: sk-gpt }
            models:
              - name: gpt
                targets: [ { provider: gpt } ]
            """;

    private final CountDownLatch hold = new CountDownLatch(1);
    private Thread thread = new Thread();
    private final OffLoop offLoop = new OffLoop(1, work -> {
        thread = new Thread(() -> {
            try {
                hold.await();
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return thread;
    });
    private final EmbeddedProxy proxy = new EmbeddedProxy(CONFIG, offLoop);

    @AfterEach
    void end() {
        hold.countDown();
        proxy.close();
    }

    private EmbeddedPeer sendLarge(String content) {
        String body =
                "{\"model\":\"gpt\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]}";
        assertTrue(body.length() > OffLoop.FROM_BYTES);
        return proxy.client()
                .send("POST /v1/messages HTTP/1.1\r\nhost: p\r\ncontent-type: application/json\r\ncontent-length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    private void read() throws InterruptedException {
        hold.countDown();
        offLoop.close();
        thread.join();
        proxy.settle();
    }

    @Test
    void aLargeBodyIsReadWhileTheLoopGoesOn() throws InterruptedException {
        EmbeddedPeer client = sendLarge('"' + "x".repeat(OffLoop.FROM_BYTES) + '"');
        assertEquals(0, proxy.providerConnections());
        assertEquals(
                200,
                Http.read(proxy.client()
                                .send("GET /health HTTP/1.1\r\nhost: p\r\n\r\n")
                                .allReceived())
                        .status());
        read();
        Http request = Http.read(proxy.provider(0).allReceived());
        assertTrue(request.complete());
        assertTrue(request.text().contains("\"content\":\"xxx"), request::startLine);
        client.leave();
    }

    @Test
    void aBodyThatWaitedTooLongIsNotRead() throws InterruptedException {
        EmbeddedPeer client = sendLarge('"' + "x".repeat(OffLoop.FROM_BYTES) + '"');
        proxy.advance(5001, TimeUnit.MILLISECONDS);
        read();
        Http response = Http.read(client.allReceived());
        assertEquals(529, response.status());
        assertEquals("overloaded", response.field("x-slipstream-error"));
        assertTrue(response.text().contains("overloaded_error"), response::text);
        assertEquals(0, proxy.providerConnections());
    }

    @Test
    void aReadingThatFailsIsAnAnswerAndNotAnExchangeThatHangs() throws Exception {
        Exchange exchange = FreeExchange.of(proxy);
        EmbeddedPeer client = proxy.client()
                .send("POST /v1/messages HTTP/1.1\r\nhost: p\r\ncontent-type: application/json\r\n"
                        + "content-length: 1000000\r\n\r\n{\"model\":\"gpt\",\"messages\":["
                        + "0,".repeat(OffLoop.FROM_BYTES));
        assertTrue(exchange.isOpen());
        assertTrue(new WholeBody().read(exchange, 0, new Failing()));
        read();
        Http response = Http.read(client.allReceived());
        assertEquals(500, response.status());
        assertEquals("internal", response.field("x-slipstream-error"));
        assertTrue(response.text().contains("api_error"), response::text);
        assertFalse(response.text().contains("as the test wants it"), response::text);
    }

    private static final class Failing implements WholeBody.Reading<String> {
        @Override
        public String read(JsonTree body, JsonStatus status) {
            throw new IllegalStateException("as the test wants it");
        }

        @Override
        public void done(Exchange exchange, String result) {
            throw new AssertionError("there is no result");
        }

        @Override
        public void discard(String result) {
            throw new AssertionError("there is no result");
        }
    }
}
