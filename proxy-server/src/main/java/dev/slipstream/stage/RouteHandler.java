package dev.slipstream.stage;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonFieldScanner;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.metrics.Stage;
import dev.slipstream.route.RouteTable;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/** Where the request goes: to the targets of its model, or to an answer of our own. */
@ChannelHandler.Sharable
public final class RouteHandler extends ExchangeHandler {
    private static final int NAME_IN_A_MESSAGE = 100;

    private final LocalEndpoints local;

    public RouteHandler(CurrentConfig current) {
        this.local = new LocalEndpoints(current);
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
        Dialect dialect = exchange.endpoint().dialect();
        RouteTable.Match match = scanner.modelTooLong()
                ? RouteTable.Match.UNKNOWN_MODEL
                : routes.find(scanner.modelBytes(), scanner.modelLength(), dialect, exchange.plan());
        switch (match) {
            case FOUND -> passHead(ctx, exchange);
            case UNKNOWN_MODEL ->
                LocalReply.fail(
                        exchange,
                        FailureKind.UNKNOWN_MODEL,
                        "There is no model " + name(scanner) + ". Known are: " + routes.someNames() + ".");
            case NO_TARGET_FOR_DIALECT ->
                LocalReply.fail(
                        exchange,
                        FailureKind.NO_TARGET_FOR_DIALECT,
                        "The model " + name(scanner)
                                + " has no target that speaks the dialect of this path, and translation"
                                + " is not in this version.");
        }
    }

    private static String name(JsonFieldScanner scanner) {
        int length = Math.min(scanner.modelLength(), NAME_IN_A_MESSAGE);
        return new String(scanner.modelBytes(), 0, length, StandardCharsets.UTF_8);
    }
}
