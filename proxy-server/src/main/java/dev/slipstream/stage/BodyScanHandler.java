package dev.slipstream.stage;

import dev.slipstream.codec.json.JsonFieldScanner;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.config.LimitsConfig;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.exchange.RequestData;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.ByteBudget;
import dev.slipstream.metrics.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * Reads the body as it comes, finds its model, and lets nothing pass that is not JSON.
 *
 * <p>A body up to {@code limits.scan_first} is held until it is complete and valid, so what is refused here never touched
 * a provider. A larger one goes on as soon as its model is known: what came so far stays with the exchange, the rest
 * follows in messages. Its very last bytes follow only when the whole has been found valid, so that a provider never
 * holds a complete request which was refused.
 */
@ChannelHandler.Sharable
public final class BodyScanHandler extends ExchangeHandler {
    private final ByteBudget heldBytes;

    public BodyScanHandler(ByteBudget heldBytes) {
        this.heldBytes = heldBytes;
    }

    @Override
    protected void onHead(ChannelHandlerContext ctx, Exchange exchange) {
        if (exchange.endpoint().isForwarded()) {
            exchange.enter(Stage.BODY_WAIT);
            return;
        }
        exchange.setRouted();
        passHead(ctx, exchange);
    }

    @Override
    protected void onData(ChannelHandlerContext ctx, RequestData message) {
        Exchange exchange = message.exchange();
        ByteBuf data = message.take();
        if (!exchange.endpoint().isForwarded()) {
            // A body on a GET: read, and of no interest.
            data.release();
            return;
        }
        exchange.enter(Stage.BODY_SCAN);
        LimitsConfig limits = exchange.config().config().limits();
        if (limits.bodyBytes() > 0 && exchange.receivedBodyBytes() > limits.bodyBytes()) {
            data.release();
            refuse(exchange, FailureKind.REQUEST_TOO_LARGE, tooLarge(limits.bodyBytes()));
            return;
        }
        JsonStatus status = exchange.scanner().feed(data);
        if (status != JsonStatus.MORE && status != JsonStatus.COMPLETE) {
            data.release();
            refuse(exchange, status);
        } else if (exchange.isRouted()) {
            passOn(ctx, exchange, data);
        } else {
            hold(ctx, exchange, data, limits);
        }
    }

    private void hold(ChannelHandlerContext ctx, Exchange exchange, ByteBuf data, LimitsConfig limits) {
        if (!exchange.body().hold(data, heldBytes)) {
            refuse(exchange, FailureKind.OVERLOADED, "Too many requests are being held. Try again later.");
            return;
        }
        long held = exchange.body().heldBytes();
        boolean isComplete = held == exchange.declaredBodyBytes();
        if (held > limits.scanFirstBytes() && exchange.scanner().modelSeen() && !isComplete) {
            goOn(ctx, exchange);
        } else if (limits.heldBodyBytes() > 0 && held > limits.heldBodyBytes()) {
            refuse(
                    exchange,
                    FailureKind.REQUEST_TOO_LARGE,
                    "The model did not come within the first " + limits.heldBodyBytes() + " bytes of the body.");
        } else {
            exchange.enter(Stage.BODY_WAIT);
        }
    }

    private void passOn(ChannelHandlerContext ctx, Exchange exchange, ByteBuf data) {
        if (exchange.receivedBodyBytes() == exchange.declaredBodyBytes()
                && exchange.scanner().finish() != JsonStatus.COMPLETE) {
            // With these bytes the provider would have the whole body.
            data.release();
            refuse(exchange, JsonStatus.INVALID);
            return;
        }
        ctx.fireChannelRead(exchange.dataMessage().of(data));
    }

    @Override
    protected void onEnd(ChannelHandlerContext ctx, Exchange exchange) {
        if (!exchange.endpoint().isForwarded()) {
            return;
        }
        exchange.enter(Stage.BODY_SCAN);
        JsonStatus status = exchange.scanner().finish();
        if (status != JsonStatus.COMPLETE) {
            refuse(exchange, status);
            return;
        }
        exchange.setBodyScanned();
        if (exchange.isRouted()) {
            ctx.fireChannelRead(exchange.endMessage());
        } else {
            goOn(ctx, exchange);
        }
    }

    private static void goOn(ChannelHandlerContext ctx, Exchange exchange) {
        JsonFieldScanner scanner = exchange.scanner();
        if (!scanner.modelSeen()) {
            refuse(exchange, FailureKind.MISSING_MODEL, "The body has no model.");
        } else if (!scanner.modelIsString()) {
            refuse(exchange, FailureKind.MISSING_MODEL, "The model must be a string.");
        } else {
            exchange.setRouted();
            passHead(ctx, exchange);
        }
    }

    private static void refuse(Exchange exchange, JsonStatus status) {
        switch (status) {
            case DUPLICATE_MODEL -> refuse(exchange, FailureKind.DUPLICATE_MODEL, "The body has more than one model.");
            case TOO_DEEP ->
                refuse(
                        exchange,
                        FailureKind.INVALID_JSON,
                        "The body is nested deeper than "
                                + exchange.config().config().limits().jsonDepth()
                                + " levels.");
            case INVALID, MORE, COMPLETE -> {
                String detail = exchange.scanner().detail();
                refuse(
                        exchange,
                        FailureKind.INVALID_JSON,
                        detail.isEmpty() ? "The body is not valid JSON." : "The body is not valid JSON: " + detail);
            }
        }
    }

    /** Ends a request which may be under way already: whoever works on it is stopped before it is complete. */
    private static void refuse(Exchange exchange, FailureKind kind, String message) {
        if (exchange.work() != null && exchange.isRouted()) {
            exchange.work().cancel();
        }
        if (exchange.isAnswered()) {
            // The provider answered before it had the whole body; that answer cannot be taken back, only broken off.
            exchange.failed(kind);
            exchange.client().abort();
        } else {
            LocalReply.fail(exchange, kind, message);
        }
    }

    private static String tooLarge(long limit) {
        return "The body is larger than the limit of " + limit + " bytes.";
    }
}
