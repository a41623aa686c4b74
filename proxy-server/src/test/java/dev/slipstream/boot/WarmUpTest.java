package dev.slipstream.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import dev.slipstream.config.TlsEngine;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.loop.Transport;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** Each kind of way, over each transport. */
    static List<Arguments> ways() {
        List<Arguments> all = new ArrayList<>();
        for (Transport transport : List.of(Transport.EPOLL, Transport.NIO)) {
            all.add(arguments(transport, WarmUpWay.PLAIN));
            all.add(arguments(transport, new WarmUpWay(HttpVersionChoice.H2C, null)));
            all.add(arguments(transport, new WarmUpWay(HttpVersionChoice.AUTO, TlsEngine.AUTO)));
            all.add(arguments(transport, new WarmUpWay(HttpVersionChoice.HTTP_2, TlsEngine.AUTO)));
            all.add(arguments(transport, new WarmUpWay(HttpVersionChoice.HTTP_1_1, TlsEngine.JDK)));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nothingIsLeftOfItsSockets(Transport transport, WarmUpWay way) throws IOException {
        assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        WarmUpSockets sockets = new WarmUpSockets(transport, way);
        for (int i = 0; i < 30; i++) {
            sockets.request();
            if (i % 10 == 9) {
                sockets.leave();
            }
        }
        assertEquals(way.equals(WarmUpWay.PLAIN) ? 1 : 2, sockets.upstreamConnections());
        sockets.close();
        assertEquals(0, sockets.buffersInUse());
    }

    @Test
    void theWaysAreThoseOfTheProvidersEachOnce() {
        assertEquals(List.of(WarmUpWay.PLAIN), ways("http://a.invalid/v1", "http://b.invalid/v1"));
        assertEquals(
                List.of(
                        new WarmUpWay(HttpVersionChoice.AUTO, TlsEngine.AUTO),
                        new WarmUpWay(HttpVersionChoice.HTTP_1_1, TlsEngine.JDK),
                        new WarmUpWay(HttpVersionChoice.H2C, null)),
                ways(
                        "http://a.invalid/v1",
                        "https://b.invalid/v1",
                        "https://c.invalid:444/v1",
                        "https://d.invalid/v1, http: 1.1, tls: { engine: jdk }",
                        "http://e.invalid/v1, http: 2"));
    }

    private static List<WarmUpWay> ways(String... baseUrls) {
        StringBuilder text = new StringBuilder("keys: [ { name: a, key: sk-slip-0001 } ]\nproviders:\n");
        for (String each : baseUrls) {
            text.append("  p")
                    .append(text.length())
                    .append(": { dialect: openai, api_key: none, base_url: ")
                    .append(each)
                    .append(" }\n");
        }
        LoadResult result = ConfigLoader.fromText("test", text.toString(), Map.of(), Overrides.none());
        LoadResult.Loaded loaded = assertInstanceOf(LoadResult.Loaded.class, result, result::toString);
        return WarmUpWay.of(ConfigSnapshot.of(loaded.config()).routes().providers());
    }

    @Test
    void theFirstRealRequestEndsIt() {
        AtomicInteger asked = new AtomicInteger();
        // 40 times while it waits, once before its sockets, then before each request.
        WarmUp warmUp = new WarmUp(Transport.NIO, List.of(WarmUpWay.PLAIN), () -> asked.incrementAndGet() > 50);
        warmUp.start();
        warmUp.awaitEnd();
        assertEquals(9, warmUp.requests());
    }

    @Test
    void itDoesNotBeginWhereARequestCameAtOnce() {
        AtomicInteger asked = new AtomicInteger();
        WarmUp warmUp = new WarmUp(Transport.NIO, List.of(WarmUpWay.PLAIN), () -> asked.incrementAndGet() == 3);
        warmUp.start();
        warmUp.awaitEnd();
        assertEquals(0, warmUp.requests());
        assertEquals(3, asked.get(), "it has ended");
    }
}
