package dev.slipstream.exchange;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import java.lang.reflect.Field;
import java.util.ArrayDeque;

/** The exchange that the next request of a proxy gets. */
final class FreeExchange {
    private FreeExchange() {}

    static Exchange of(EmbeddedProxy proxy) throws ReflectiveOperationException {
        EmbeddedPeer warm = proxy.client().send("GET /health HTTP/1.1\r\nhost: p\r\n\r\n");
        warm.received();
        Field pool = EmbeddedProxy.class.getDeclaredField("exchanges");
        pool.setAccessible(true);
        Field free = ExchangePool.class.getDeclaredField("free");
        free.setAccessible(true);
        return (Exchange) ((ArrayDeque<?>) free.get(pool.get(proxy))).peekLast();
    }
}
