package dev.slipstream.accesslog;

import dev.slipstream.exchange.ClientStream;
import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.exchange.ResponseHead;
import dev.slipstream.limit.Principal;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.NanoClock;
import dev.slipstream.metrics.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;

/** An exchange that may be told of as often as a test likes. */
final class EndedExchange implements AutoCloseable {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    final Exchange exchange;

    EndedExchange() {
        Loop loop = new Loop(
                0, channel.eventLoop(), NanoClock.SYSTEM, UnpooledByteBufAllocator.DEFAULT, new Metrics().forLoop(0));
        exchange = new ExchangePool(loop, 64).acquire(new Client());
        exchange.setPrincipal(new Principal("laptop"));
        exchange.setProvider("zai");
        exchange.addAttempt();
        exchange.setStatus(200);
        exchange.figures().setTokens(10, 20, 3, 4);
    }

    /** A client that is only there. */
    private static final class Client implements ClientStream {
        @Override
        public void writeContinue() {}

        @Override
        public void writeHead(ResponseHead head) {}

        @Override
        public void writeBody(ByteBuf data) {
            data.release();
        }

        @Override
        public void writeEnd() {}

        @Override
        public void abort() {}

        @Override
        public InetAddress remoteAddress() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public boolean isRequestComplete() {
            return true;
        }

        @Override
        public void onRequestPauseChanged() {}
    }

    @Override
    public void close() {
        exchange.close(CloseReason.ANSWERED);
        channel.finishAndReleaseAll();
    }
}
