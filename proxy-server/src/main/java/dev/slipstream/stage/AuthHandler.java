package dev.slipstream.stage;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeHandler;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.KeyLookup;
import dev.slipstream.limit.KeyTable;
import dev.slipstream.limit.Principal;
import dev.slipstream.metrics.Stage;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking: the first valid key of {@code x-slipstream-key}, {@code authorization: Bearer}, {@code x-api-key} and
 * {@code api-key}. A key is looked up by its SHA-256 alone.
 */
@ChannelHandler.Sharable
public final class AuthHandler extends ExchangeHandler {
    private static final HeaderName[] PLACES = {
        HeaderName.X_SLIPSTREAM_KEY, HeaderName.AUTHORIZATION, HeaderName.X_API_KEY, HeaderName.API_KEY
    };
    private static final int BEARER_LENGTH = "Bearer ".length();

    private final KeyLookup lookup = new KeyLookup();

    @Override
    protected void onHead(ChannelHandlerContext ctx, Exchange exchange) {
        exchange.enter(Stage.AUTH);
        KeyTable keys = exchange.config().keys();
        if (!keys.isOpen() && !exchange.endpoint().isOpen()) {
            Principal principal = find(keys, exchange.requestHead());
            if (principal == null) {
                LocalReply.fail(
                        exchange,
                        FailureKind.INVALID_API_KEY,
                        "No valid API key was sent. Send one as authorization: Bearer KEY or x-api-key: KEY.");
                return;
            }
            exchange.setPrincipal(principal);
        }
        passHead(ctx, exchange);
    }

    private @Nullable Principal find(KeyTable keys, FlatHead head) {
        for (HeaderName place : PLACES) {
            for (int field = head.find(place); field >= 0; field = head.findNext(place, field)) {
                int start = head.valueStart(field);
                int end = head.valueEnd(field);
                if (place == HeaderName.AUTHORIZATION) {
                    start = behindBearer(head.array(), start, end);
                }
                Principal principal = start < end ? lookup.find(keys, head.array(), start, end) : null;
                if (principal != null) {
                    return principal;
                }
            }
        }
        return null;
    }

    /** Where the token begins behind {@code Bearer } in any case (RFC 9110 §11.1); {@code end} where it does not. */
    private static int behindBearer(byte[] array, int start, int end) {
        if (end - start <= BEARER_LENGTH || array[start + BEARER_LENGTH - 1] != ' ') {
            return end;
        }
        for (int i = 0; i < BEARER_LENGTH - 1; i++) {
            if ((array[start + i] | 0x20) != "bearer".charAt(i)) {
                return end;
            }
        }
        int token = start + BEARER_LENGTH;
        while (token < end && array[token] == ' ') {
            token++;
        }
        return token;
    }
}
