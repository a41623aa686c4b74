package dev.slipstream.stage;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.codec.http1.HttpMethod;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.ExactLimit;
import dev.slipstream.limit.MemoryGate;
import dev.slipstream.metrics.Stage;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/**
 * What is let in: a path and method we serve, a body that may be JSON and is not too large by its own word, an
 * expectation we can meet, and no more requests at once than {@code limits.in_flight} and the memory allow.
 */
@ChannelHandler.Sharable
public final class AdmissionHandler extends ExchangeHandler {
    private static final byte[] JSON = "application/json".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IDENTITY = "identity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);

    private final ExactLimit inFlight;
    private final MemoryGate memory;

    public AdmissionHandler(ExactLimit inFlight, MemoryGate memory) {
        this.inFlight = inFlight;
        this.memory = memory;
    }

    @Override
    protected void onHead(ChannelHandlerContext ctx, Exchange exchange) {
        exchange.enter(Stage.ADMISSION);
        if (isRefused(exchange)) {
            return;
        }
        if (!exchange.endpoint().isOpen()) {
            if (memory.isShut() || !inFlight.tryAcquire()) {
                LocalReply.fail(
                        exchange, FailureKind.OVERLOADED, "Too many requests are being handled. Try again later.");
                return;
            }
            exchange.setLease(inFlight);
        }
        int expect = exchange.requestHead().find(HeaderName.EXPECT);
        if (expect >= 0 && exchange.endpoint().isForwarded()) {
            exchange.client().writeContinue();
        }
        passHead(ctx, exchange);
    }

    private static boolean isRefused(Exchange exchange) {
        FlatHead head = exchange.requestHead();
        HttpMethod method = head.method();
        boolean forwarded = exchange.endpoint().isForwarded();
        switch (exchange.endpoint()) {
            case UNKNOWN -> {
                LocalReply.fail(exchange, FailureKind.UNKNOWN_PATH, "There is nothing at this path.");
                return true;
            }
            case CHAT_COMPLETIONS, MESSAGES, COUNT_TOKENS, EMBEDDINGS, COMPLETIONS, RESPONSES -> {
                if (method != HttpMethod.POST) {
                    LocalReply.fail(exchange, FailureKind.METHOD_NOT_ALLOWED, "This path takes POST.", "POST");
                    return true;
                }
            }
            case MODELS, MODEL, HEALTH, READY, ROOT -> {
                if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
                    LocalReply.fail(
                            exchange, FailureKind.METHOD_NOT_ALLOWED, "This path takes GET and HEAD.", "GET, HEAD");
                    return true;
                }
            }
        }
        int expect = head.find(HeaderName.EXPECT);
        if (expect >= 0 && !(valueIs(head, expect, CONTINUE) && head.findNext(HeaderName.EXPECT, expect) < 0)) {
            LocalReply.fail(exchange, FailureKind.EXPECTATION_FAILED, "The only expectation met is 100-continue.");
            return true;
        }
        return forwarded && isBodyRefused(exchange, head);
    }

    private static boolean isBodyRefused(Exchange exchange, FlatHead head) {
        int encoding = head.find(HeaderName.CONTENT_ENCODING);
        if (encoding >= 0
                && !(valueIs(head, encoding, IDENTITY) && head.findNext(HeaderName.CONTENT_ENCODING, encoding) < 0)) {
            LocalReply.fail(
                    exchange,
                    FailureKind.UNSUPPORTED_MEDIA_TYPE,
                    "Bodies are taken as they are: send no content-encoding.");
            return true;
        }
        int type = head.find(HeaderName.CONTENT_TYPE);
        // Of two, the provider might believe the other one (RFC 9110 §5.3: it is no list).
        if (type >= 0 && !(isJson(head, type) && head.findNext(HeaderName.CONTENT_TYPE, type) < 0)) {
            LocalReply.fail(
                    exchange, FailureKind.UNSUPPORTED_MEDIA_TYPE, "Send the header content-type: application/json.");
            return true;
        }
        long limit = exchange.config().config().limits().bodyBytes();
        if (limit > 0 && exchange.declaredBodyBytes() > limit) {
            LocalReply.fail(
                    exchange,
                    FailureKind.REQUEST_TOO_LARGE,
                    "The body is larger than the limit of " + limit + " bytes.");
            return true;
        }
        return false;
    }

    /** {@code application/json}, with or without parameters. */
    private static boolean isJson(FlatHead head, int field) {
        int behind = head.valueStart(field) + JSON.length;
        if (behind > head.valueEnd(field) || !matches(head, head.valueStart(field), JSON)) {
            return false;
        }
        if (behind == head.valueEnd(field)) {
            return true;
        }
        byte next = head.array()[behind];
        return next == ';' || next == ' ' || next == '\t';
    }

    private static boolean valueIs(FlatHead head, int field, byte[] text) {
        return head.valueEnd(field) - head.valueStart(field) == text.length
                && matches(head, head.valueStart(field), text);
    }

    private static boolean matches(FlatHead head, int at, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            int b = head.array()[at + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }
}
