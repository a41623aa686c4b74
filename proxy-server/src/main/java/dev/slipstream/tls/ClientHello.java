package dev.slipstream.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a client's first message, which names the server it wants, and puts the encryption with that server's
 * certificate in its place. Until then a connection costs no engine. Anything but such a message ends the connection: a
 * plain request, random bytes, a message beyond {@value #MAX_HELLO_BYTES} bytes. Whoever stands behind it keeps the time.
 */
final class ClientHello extends AbstractSniHandler<SslHandler> {
    /** The largest known ones, with keys that withstand quantum computers and a ticket, take some 4 KiB. */
    private static final int MAX_HELLO_BYTES = 16 * 1024;

    private static final long NO_TIMEOUT = 0;

    private final ServerTls tls;

    ClientHello(ServerTls tls) {
        super(MAX_HELLO_BYTES, NO_TIMEOUT);
        this.tls = tls;
    }

    @Override
    protected Future<SslHandler> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf hello) throws Exception {
        if (hello == null) {
            NotSslRecordException plain = new NotSslRecordException("no TLS handshake");
            ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(plain));
            ctx.close();
            throw plain;
        }
        return super.lookup(ctx, hello);
    }

    @Override
    protected Future<SslHandler> lookup(ChannelHandlerContext ctx, @Nullable String name) {
        return ctx.executor().newSucceededFuture(tls.newEncryption(name, ctx.alloc()));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String name, Future<SslHandler> found) {
        SslHandler encryption = found.getNow();
        boolean placed = false;
        try {
            ctx.pipeline().replace(this, ServerTls.NAME, encryption);
            placed = true;
        } finally {
            if (!placed) {
                Encryption.release(encryption);
            }
        }
    }
}
