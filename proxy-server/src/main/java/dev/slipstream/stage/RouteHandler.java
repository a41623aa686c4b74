package dev.slipstream.stage;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonFieldScanner;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.Images;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.exchange.RequestData;
import dev.slipstream.exchange.WholeBody;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.ByteBudget;
import dev.slipstream.metrics.Stage;
import dev.slipstream.route.Endpoint;
import dev.slipstream.route.RoutePlan;
import dev.slipstream.route.RouteTable;
import dev.slipstream.transform.LoopTransforms;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/**
 * Where the request goes: to the targets of its model, or to an answer of our own.
 *
 * <p>A request that will be translated, may hold images that send it elsewhere, or is counted here, goes on when its whole
 * body is here; what comes behind the scan is held by the exchange meanwhile, charged to {@code limits.held_total}.
 */
@ChannelHandler.Sharable
public final class RouteHandler extends ExchangeHandler {
    private static final int NAME_IN_A_MESSAGE = 100;

    private final LocalEndpoints local;
    private final ByteBudget heldBytes;
    private final LoopTransforms transforms;

    public RouteHandler(CurrentConfig current, ByteBudget heldBytes, LoopTransforms transforms) {
        this.local = new LocalEndpoints(current);
        this.heldBytes = heldBytes;
        this.transforms = transforms;
    }

    @Override
    protected void onHead(ChannelHandlerContext ctx, Exchange exchange) {
        exchange.enter(Stage.ROUTE);
        if (!exchange.endpoint().isForwarded()) {
            local.answer(exchange);
            return;
        }
        RouteTable routes = exchange.config().routes();
        JsonFieldScanner scanner = exchange.scanner();
        Endpoint endpoint = exchange.endpoint();
        RouteTable.Match match = scanner.modelTooLong()
                ? RouteTable.Match.UNKNOWN_MODEL
                : routes.find(
                        scanner.modelBytes(),
                        scanner.modelLength(),
                        endpoint.dialect(),
                        endpoint.isTranslatable(),
                        exchange.plan());
        switch (match) {
            case FOUND -> onFound(ctx, exchange);
            case UNKNOWN_MODEL ->
                LocalReply.fail(
                        exchange,
                        FailureKind.UNKNOWN_MODEL,
                        "There is no model " + name(scanner) + ". Known are: " + routes.someNames() + ".");
            case NO_TARGET_FOR_DIALECT -> {
                if (endpoint == Endpoint.COUNT_TOKENS) {
                    onFound(ctx, exchange);
                } else {
                    LocalReply.fail(
                            exchange,
                            FailureKind.NO_TARGET_FOR_DIALECT,
                            "The model " + name(scanner) + " has no target that speaks the dialect of this path, and"
                                    + " requests to it are not translated.");
                }
            }
        }
    }

    private static String name(JsonFieldScanner scanner) {
        int length = Math.min(scanner.modelLength(), NAME_IN_A_MESSAGE);
        return new String(scanner.modelBytes(), 0, length, StandardCharsets.UTF_8);
    }

    private void onFound(ChannelHandlerContext ctx, Exchange exchange) {
        if (!needsWholeBody(exchange)) {
            passHead(ctx, exchange);
        } else if (exchange.isBodyScanned()) {
            onWhole(ctx, exchange);
        } else {
            exchange.setHeldWhole(true);
            exchange.enter(Stage.BODY_WAIT);
        }
    }

    private static boolean needsWholeBody(Exchange exchange) {
        RoutePlan plan = exchange.plan();
        return plan.size() == 0 || plan.hasVision() || plan.target(0).readsBody(exchange.endpoint());
    }

    @Override
    protected void onData(ChannelHandlerContext ctx, RequestData message) {
        Exchange exchange = message.exchange();
        if (!exchange.isHeldWhole()) {
            ctx.fireChannelRead(message);
        } else if (exchange.body().hold(message.take(), heldBytes)) {
            exchange.enter(Stage.BODY_WAIT);
        } else {
            LocalReply.fail(exchange, FailureKind.OVERLOADED, "Too many requests are being held. Try again later.");
        }
    }

    @Override
    protected void onEnd(ChannelHandlerContext ctx, Exchange exchange) {
        if (exchange.isHeldWhole()) {
            exchange.setHeldWhole(false);
            exchange.enter(Stage.ROUTE);
            onWhole(ctx, exchange);
        } else {
            ctx.fireChannelRead(exchange.endMessage());
        }
    }

    private void onWhole(ChannelHandlerContext ctx, Exchange exchange) {
        if (exchange.body().heldBytes() > WholeBody.MAX_BYTES) {
            LocalReply.fail(
                    exchange,
                    FailureKind.REQUEST_TOO_LARGE,
                    "A body of more than " + WholeBody.MAX_BYTES
                            + " bytes is not translated here: the proxy has not the" + " memory.");
        } else if (exchange.plan().size() == 0) {
            transforms.tokenCounts().answer(exchange);
        } else if (!exchange.plan().hasVision()) {
            passHead(ctx, exchange);
        } else if (!transforms
                .wholeBody()
                .read(exchange, exchange.config().config().timeouts().poolWaitNanos(), new ImageSearch(ctx))) {
            LocalReply.fail(exchange, FailureKind.OVERLOADED, "Too many requests are being read. Try again later.");
        }
    }

    /** Whether a request holds an image, and so goes to the vision model. */
    private record ImageSearch(ChannelHandlerContext ctx) implements WholeBody.Reading<Boolean> {
        @Override
        public Boolean read(JsonTree body, JsonStatus status) {
            return status == JsonStatus.COMPLETE && Images.in(body);
        }

        @Override
        public void done(Exchange exchange, Boolean found) {
            if (found) {
                Dialect client = exchange.endpoint().dialect();
                boolean translatable = exchange.endpoint().isTranslatable();
                exchange.config().routes().switchToVision(exchange.plan(), client, translatable);
            }
            passHead(ctx, exchange);
        }

        @Override
        public void discard(Boolean result) {}
    }
}
