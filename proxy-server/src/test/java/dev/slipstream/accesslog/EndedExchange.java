package dev.slipstream.accesslog;

import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.harness.SilentClient;
import dev.slipstream.limit.Principal;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.NanoClock;
import dev.slipstream.metrics.Metrics;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;

/** An exchange that may be told of as often as a test likes. */
final class EndedExchange implements AutoCloseable {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    final Exchange exchange;

    EndedExchange() {
        Loop loop = new Loop(
                0, channel.eventLoop(), NanoClock.SYSTEM, UnpooledByteBufAllocator.DEFAULT, new Metrics().forLoop(0));
        exchange = new ExchangePool(loop, 64).acquire(new SilentClient());
        exchange.setPrincipal(new Principal("laptop"));
        exchange.setProvider("zai");
        exchange.addAttempt();
        exchange.setStatus(200);
        exchange.figures().setTokens(10, 20, 3, 4);
    }

    @Override
    public void close() {
        exchange.close(CloseReason.ANSWERED);
        channel.finishAndReleaseAll();
    }
}
