package dev.slipstream.stage;

import dev.slipstream.codec.Dialect;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.models.ListedModel;
import dev.slipstream.models.ModelCatalog;
import dev.slipstream.models.ModelListing;
import dev.slipstream.route.EndpointPath;
import io.netty.buffer.ByteBuf;
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

    private void listModels(Exchange exchange) {
        ModelCatalog models = current.models().catalog();
        if (exchange.dialect() == Dialect.OPENAI) {
            LocalReply.send(exchange, 200, LocalReply.JSON, models.openAiList());
            return;
        }
        ModelPage page = ModelPage.of(exchange, models);
        String error = page.error();
        if (error != null) {
            LocalReply.fail(exchange, FailureKind.BAD_REQUEST, error);
            return;
        }
        ByteBuf body = newBody(exchange);
        ModelListing.anthropicPage(body, models, page.from(), page.to(), page.hasMore());
        LocalReply.send(exchange, 200, LocalReply.JSON, body);
    }

    private void showModel(Exchange exchange) {
        EndpointPath path = exchange.path();
        String id = PercentDecoder.path(exchange.requestHead().array(), path.modelStart(), path.modelEnd());
        ListedModel model = current.models().catalog().find(id);
        if (model == null) {
            LocalReply.fail(
                    exchange,
                    FailureKind.UNKNOWN_MODEL,
                    "There is no model of that name. Known are: "
                            + exchange.config().routes().someNames() + ".");
            return;
        }
        ByteBuf body = newBody(exchange);
        ModelListing.one(body, model, exchange.dialect());
        LocalReply.send(exchange, 200, LocalReply.JSON, body);
    }
}
