package dev.slipstream.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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

    @Test
    void theFirstRealRequestEndsIt() {
        AtomicInteger asked = new AtomicInteger();
        WarmUp warmUp = new WarmUp(() -> asked.incrementAndGet() > 10);
        warmUp.start();
        warmUp.awaitEnd();
        assertEquals(10, warmUp.requests());
        assertEquals(11, asked.get(), "it has ended");
    }
}
