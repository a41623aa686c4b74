package dev.slipstream.stage;

import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.metrics.Stage;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * What has been answered before. The cache and the sharing of identical requests are not in this version: every request
 * passes, and its histogram shows what the stage itself costs.
 */
@ChannelHandler.Sharable
public final class CacheHandler extends ExchangeHandler {
    @Override
    protected void onHead(ChannelHandlerContext ctx, Exchange exchange) {
        exchange.enter(Stage.CACHE);
        passHead(ctx, exchange);
    }
}
