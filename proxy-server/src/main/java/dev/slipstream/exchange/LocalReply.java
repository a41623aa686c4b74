package dev.slipstream.exchange;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.metrics.Stage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Answers that Slipstream gives itself, failures among them: the right envelope for the client's dialect. Each ends the
 * exchange: it is closed when the method returns.
 */
public final class LocalReply {
    public static final String JSON = "application/json";

    private LocalReply() {}

    /** Answers with {@code body}, which it consumes. */
    public static void send(Exchange exchange, int status, String contentType, ByteBuf body) {
        send(exchange, exchange.responseHead().local(status, contentType, body.readableBytes()), body);
    }

    /** Answers with {@code body}, a document that holds an estimate; consumes it. */
    public static void sendEstimate(Exchange exchange, ByteBuf body) {
        ResponseHead head = exchange.responseHead().local(200, JSON, body.readableBytes());
        head.setEstimated();
        send(exchange, head, body);
    }

    /** Answers with a failure. {@code message} is for the client: no secret, no address, no class name. */
    public static void fail(Exchange exchange, FailureKind kind, String message) {
        fail(exchange, kind, message, null);
    }

    /** As {@link #fail(Exchange, FailureKind, String)}, with an {@code allow} field (RFC 9110 §15.5.6). */
    public static void fail(Exchange exchange, FailureKind kind, String message, @Nullable String allow) {
        fail(exchange, kind, message, allow, null);
    }

    /**
     * As {@link #fail(Exchange, FailureKind, String)}, because of one of the request's fields.
     *
     * @param field such as {@code messages[2].content}, from the client; null where none is to blame
     */
    public static void failBecauseOf(Exchange exchange, @Nullable String field, FailureKind kind, String message) {
        fail(exchange, kind, message, null, field);
    }

    private static void fail(
            Exchange exchange, FailureKind kind, String message, @Nullable String allow, @Nullable String field) {
        exchange.failed(kind);
        ByteBuf body;
        try {
            body = ErrorBody.of(exchange, kind, message, field);
        } catch (OutOfMemoryError e) {
            breakOff(exchange, e);
            return;
        }
        int status = ErrorBody.statusOf(exchange, kind);
        ResponseHead head = exchange.responseHead().local(status, JSON, body.readableBytes());
        head.failure(kind, allow);
        send(exchange, head, body);
    }

    private static void send(Exchange exchange, ResponseHead head, ByteBuf body) {
        exchange.enter(Stage.EGRESS);
        ClientStream client = exchange.client();
        try {
            client.writeHead(head);
        } catch (OutOfMemoryError e) {
            body.release();
            breakOff(exchange, e);
            return;
        }
        if (exchange.isHeadRequest()) {
            body.release();
        } else {
            // Its length is known: nothing more is allocated.
            client.writeBody(body);
        }
        client.writeEnd();
    }

    private static void breakOff(Exchange exchange, OutOfMemoryError cause) {
        exchange.loop().outOfMemory(cause);
        exchange.client().drop();
    }
}
