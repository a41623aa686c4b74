package dev.slipstream.stage;

import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.metrics.Stage;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * What a key may still spend. Rates and budgets are not in this version: every request passes, and its histogram shows
 * what the stage itself costs.
 */
@ChannelHandler.Sharable
public final class QuotaHandler extends ExchangeHandler {
    @Override
    protected void onHead(ChannelHandlerContext ctx, Exchange exchange) {
        exchange.enter(Stage.QUOTA);
        passHead(ctx, exchange);
    }
}
