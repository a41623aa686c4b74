package dev.slipstream.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.loop.Transport;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WarmUpTest {
    @Test
    void everyRequestIsAnsweredAndNothingIsLeft() {
        WarmUpEngine engine = new WarmUpEngine();
        for (int i = 0; i < 300; i++) {
            engine.request(i);
        }
        engine.close();
        assertEquals(0, engine.buffersInUse());
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"EPOLL", "NIO"})
    void nothingIsLeftOfItsSockets(Transport transport) throws IOException {
        assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        WarmUpSockets sockets = new WarmUpSockets(transport);
        for (int i = 0; i < 30; i++) {
            sockets.request();
            if (i % 10 == 9) {
                sockets.leave();
            }
        }
        assertEquals(1, sockets.connectionsToItsProvider());
        sockets.close();
        assertEquals(0, sockets.buffersInUse());
    }

    @Test
    void theFirstRealRequestEndsIt() {
        AtomicInteger asked = new AtomicInteger();
        // 40 times while it waits, then before each request.
        WarmUp warmUp = new WarmUp(Transport.NIO, () -> asked.incrementAndGet() > 50);
        warmUp.start();
        warmUp.awaitEnd();
        assertEquals(10, warmUp.requests());
    }

    @Test
    void itDoesNotBeginWhereARequestCameAtOnce() {
        AtomicInteger asked = new AtomicInteger();
        WarmUp warmUp = new WarmUp(Transport.NIO, () -> asked.incrementAndGet() == 3);
        warmUp.start();
        warmUp.awaitEnd();
        assertEquals(0, warmUp.requests());
        assertEquals(3, asked.get(), "it has ended");
    }
}
