package dev.slipstream.admin;

import dev.slipstream.failure.FailureKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the admin listener: requests one after the other. No endpoint takes a body, so bodies are counted
 * and dropped as they come. A connection ends with the first request that breaks a limit, and when answers that nobody
 * reads pass the write buffer's high mark: pipelining cannot pile them up.
 *
 * <p>Consumes every message. Confined to the channel's loop.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // A write that fails closes the channel, and a close cannot fail usefully.
final class AdminHandler extends ChannelInboundHandlerAdapter {
    static final int TARGET_BYTES_MAX = 8 * 1024;
    static final int HEAD_BYTES_MAX = 16 * 1024;
    static final int BODY_BYTES_MAX = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final AdminRouter router;
    private final BearerToken token;

    /** The request whose body is coming; null between two. */
    private @Nullable HttpRequest request;

    private long bodyBytes;
    /** Set with the last answer: whatever else comes is dropped. */
    private boolean closing;

    AdminHandler(AdminRouter router, BearerToken token) {
        this.router = router;
        this.token = token;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!closing && message instanceof HttpObject part) {
                onPart(ctx, part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onPart(ChannelHandlerContext ctx, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            refuse(ctx, kindOf(part.decoderResult().cause()));
            return;
        }
        if (part instanceof HttpRequest head) {
            onHead(ctx, head);
        }
        if (part instanceof HttpContent content && request != null) {
            bodyBytes += content.content().readableBytes();
            if (bodyBytes > BODY_BYTES_MAX) {
                refuse(ctx, FailureKind.REQUEST_TOO_LARGE);
            } else if (part instanceof LastHttpContent) {
                HttpRequest whole = request;
                request = null;
                write(ctx, whole.method(), answer(whole), HttpUtil.isKeepAlive(whole));
            }
        }
    }

    private void onHead(ChannelHandlerContext ctx, HttpRequest head) {
        request = head;
        bodyBytes = 0;
        if (head.uri().length() > TARGET_BYTES_MAX) {
            refuse(ctx, FailureKind.TARGET_TOO_LONG);
        } else if (HttpUtil.getContentLength(head, 0L) > BODY_BYTES_MAX) {
            refuse(ctx, FailureKind.REQUEST_TOO_LARGE);
        } else if (HttpUtil.is100ContinueExpected(head)) {
            ctx.writeAndFlush(
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER),
                    ctx.voidPromise());
        }
    }

    private AdminResponse answer(HttpRequest whole) {
        String path = AdminRouter.path(whole.uri());
        if (!AdminRouter.isOpen(path) && !token.accepts(whole.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            return AdminResponse.failure(
                    FailureKind.INVALID_API_KEY, "Send the admin token: Authorization: Bearer TOKEN");
        }
        try {
            // Several Accept fields are one list (RFC 9110 §5.3).
            String accept = whole.headers().contains(HttpHeaderNames.ACCEPT)
                    ? String.join(",", whole.headers().getAll(HttpHeaderNames.ACCEPT))
                    : null;
            return router.answer(whole.method(), path, accept);
        } catch (RuntimeException e) {
            LOG.warn("the admin endpoint {} failed", path, e);
            return AdminResponse.failure(FailureKind.INTERNAL, "The endpoint failed; the log says why");
        }
    }

    private void refuse(ChannelHandlerContext ctx, FailureKind kind) {
        request = null;
        write(
                ctx,
                HttpMethod.GET,
                AdminResponse.failure(
                        kind, HttpResponseStatus.valueOf(kind.status()).reasonPhrase()),
                false);
    }

    private void write(ChannelHandlerContext ctx, HttpMethod method, AdminResponse answer, boolean keepAlive) {
        if (!ctx.channel().isWritable()) {
            closing = true;
            ctx.close();
            return;
        }
        ByteBuf body = method.equals(HttpMethod.HEAD) ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body());
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff");
        if (answer.error() != null) {
            response.headers().set("x-slipstream-error", answer.error());
        }
        if (answer.allow() != null) {
            response.headers().set(HttpHeaderNames.ALLOW, answer.allow());
        }
        if (answer.status().code() == HttpResponseStatus.UNAUTHORIZED.code()) {
            response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        closing = !keepAlive;
        HttpUtil.setKeepAlive(response, keepAlive);
        if (keepAlive) {
            ctx.writeAndFlush(response, ctx.voidPromise());
        } else {
            ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static FailureKind kindOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return FailureKind.TARGET_TOO_LONG;
        }
        if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException) {
            return FailureKind.HEADER_TOO_LARGE;
        }
        return FailureKind.BAD_REQUEST;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        }
    }

    /** A peer that is gone is no news; our own faults are caught where they can be. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("an admin connection failed", cause);
        ctx.close();
    }
}
