package dev.slipstream.stage;

import dev.slipstream.codec.Dialect;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.route.EndpointPath;
import dev.slipstream.route.RouteTable;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The endpoints that Slipstream answers itself: health, the root, and the models. */
final class LocalEndpoints {
    private static final int BODY_BYTES = 256;

    private final CurrentConfig current;

    LocalEndpoints(CurrentConfig current) {
        this.current = current;
    }

    void answer(Exchange exchange) {
        switch (exchange.endpoint()) {
            case HEALTH -> json(exchange, 200, "{\"status\":\"ok\"}");
            case READY -> {
                if (current.isDraining()) {
                    json(exchange, 503, "{\"status\":\"draining\"}");
                } else {
                    json(exchange, 200, "{\"status\":\"ok\"}");
                }
            }
            case ROOT -> json(exchange, 200, "{\"name\":\"slipstream\",\"status\":\"ok\"}");
            case MODELS -> listModels(exchange);
            case MODEL -> showModel(exchange);
            case CHAT_COMPLETIONS, MESSAGES, COUNT_TOKENS, EMBEDDINGS, COMPLETIONS, RESPONSES, UNKNOWN ->
                throw new IllegalStateException("not answered here: " + exchange.endpoint());
        }
    }

    private static void json(Exchange exchange, int status, String text) {
        ByteBuf body = newBody(exchange);
        body.writeCharSequence(text, StandardCharsets.UTF_8);
        LocalReply.send(exchange, status, LocalReply.JSON, body);
    }

    private static ByteBuf newBody(Exchange exchange) {
        return exchange.loop().allocator().directBuffer(BODY_BYTES);
    }

    private static void listModels(Exchange exchange) {
        ByteBuf body = newBody(exchange);
        ModelListing.list(body, exchange.config().routes().names(), exchange.dialect());
        LocalReply.send(exchange, 200, LocalReply.JSON, body);
    }

    private static void showModel(Exchange exchange) {
        RouteTable routes = exchange.config().routes();
        EndpointPath path = exchange.path();
        String id = decode(exchange.requestHead().array(), path.modelStart(), path.modelEnd());
        if (!routes.names().contains(id)) {
            LocalReply.fail(
                    exchange,
                    FailureKind.UNKNOWN_MODEL,
                    "There is no model of that name. Known are: " + routes.someNames() + ".");
            return;
        }
        ByteBuf body = newBody(exchange);
        Dialect dialect = exchange.dialect();
        ModelListing.one(body, id, dialect);
        LocalReply.send(exchange, 200, LocalReply.JSON, body);
    }

    /** Percent-decodes (RFC 3986 §2.1); a broken escape stays as it is. */
    private static String decode(byte[] array, int start, int end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
        for (int i = start; i < end; i++) {
            int high = array[i] == '%' && i + 2 < end ? Character.digit(array[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(array[i + 2], 16) : -1;
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(array[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
