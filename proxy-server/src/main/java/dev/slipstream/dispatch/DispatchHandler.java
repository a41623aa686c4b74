package dev.slipstream.dispatch;

import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.exchange.ExchangeWork;
import dev.slipstream.exchange.RequestData;
import dev.slipstream.limit.Limits;
import dev.slipstream.metrics.Stage;
import dev.slipstream.transform.LoopTransforms;
import dev.slipstream.upstream.UpstreamPools;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/** The end of the pipeline: hands the exchange to its {@link Dispatch}. */
@ChannelHandler.Sharable
public final class DispatchHandler extends ExchangeHandler {
    private final UpstreamPools pools;
    private final Limits limits;
    private final LoopTransforms transforms;

    public DispatchHandler(UpstreamPools pools, Limits limits, LoopTransforms transforms) {
        this.pools = pools;
        this.limits = limits;
        this.transforms = transforms;
    }

    @Override
    protected void onHead(ChannelHandlerContext ctx, Exchange exchange) {
        exchange.enter(Stage.DISPATCH);
        Dispatch dispatch = (Dispatch) exchange.work();
        if (dispatch == null) {
            dispatch = new Dispatch(exchange, pools, limits, transforms);
            exchange.setWork(dispatch);
        }
        dispatch.start();
    }

    @Override
    protected void onData(ChannelHandlerContext ctx, RequestData data) {
        work(data.exchange()).onBody(data.take());
    }

    @Override
    protected void onEnd(ChannelHandlerContext ctx, Exchange exchange) {
        work(exchange).onBodyEnd();
    }

    private static ExchangeWork work(Exchange exchange) {
        ExchangeWork work = exchange.work();
        if (work == null) {
            throw new IllegalStateException("data before head");
        }
        return work;
    }
}
