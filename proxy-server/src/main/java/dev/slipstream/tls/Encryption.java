package dev.slipstream.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.OpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The encryption of a client's connection. Its times are kept by others, on the loop's own timers: by whoever waits for
 * its handshake, and by {@code ClientSocket}, which ends it.
 */
final class Encryption {
    /** For a close that comes from elsewhere: a client that does not read must not keep its socket open. */
    private static final long CLOSE_NOTIFY_MILLIS = 500;

    private Encryption() {}

    /** Lent a context, which the result keeps alive. */
    static SslHandler of(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = context instanceof ReferenceCountedOpenSslContext || context instanceof OpenSslContext
                ? context.newHandler(allocator)
                : new OfJdk(context.newEngine(allocator));
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return handler;
    }

    /** Gives back one that has not found its place. */
    static void release(SslHandler handler) {
        ReferenceCountUtil.safeRelease(handler.engine());
    }

    /**
     * Refuses to negotiate anew, which in TLS 1.2 lets a client have us compute for nothing. BoringSSL refuses by itself;
     * the JDK does only if a property of the whole process says so. In TLS 1.3 no message can ask for it.
     */
    private static final class OfJdk extends SslHandler {
        /** The type of a record that belongs to a handshake; visible, even where its content is encrypted. */
        private static final int HANDSHAKE = 22;

        private boolean handshaken;

        OfJdk(SSLEngine engine) {
            super(engine);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws SSLException {
            // Called at the beginning of each record, for the JDK takes them one at a time.
            handshaken |= handshakeFuture().isSuccess();
            if (handshaken && in.isReadable() && in.getByte(in.readerIndex()) == HANDSHAKE) {
                in.skipBytes(in.readableBytes());
                throw new SSLException("the client wants to negotiate anew");
            }
            super.decode(ctx, in, out);
        }
    }
}
