package dev.slipstream.ingress;

import dev.slipstream.config.TimeoutsConfig;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.FlushBatch;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.Transport;
import dev.slipstream.loop.WriteQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection below its protocol: the place of its ingress in the pipeline, what is written to it, and how it
 * ends. One per connection; confined to its loop.
 *
 * <h2>The end</h2>
 *
 * A socket that is closed over bytes it has not read answers them with a reset, which can destroy the last answer on its
 * way. So where bytes may still come, {@link #closeGently} shuts the output down behind what is queued, and closes after
 * {@code timeouts.linger}; until then the ingress reads and drops. What is queued has {@code timeouts.client_write} to
 * move on.
 *
 * <p>Over TLS a connection whose answers are complete ends with a close_notify (RFC 8446 §6.1), and any other without
 * one: so an answer that ends with its connection cannot be taken for complete where it is not. The end below TLS is the
 * same; what still comes is not even decrypted.
 */
final class ClientSocket implements WriteStall.Watched, FlushBatch.Writer {
    private static final String NOT_READ = "not read";

    /** For a close_notify on a connection on which nothing else waits. */
    private static final long FAREWELL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Loop loop;
    private final CurrentConfig current;
    private final WriteStall stall;
    private final Deadline lingering;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable ClientRequest told;
    private @Nullable SslHandler tls;
    /** Waits, to the end of its flush batch at most, for what it can go out with. */
    private @Nullable ByteBuf front;

    private boolean ending;
    private boolean closed;

    ClientSocket(Loop loop, CurrentConfig current) {
        this.loop = loop;
        this.current = current;
        this.stall = new WriteStall(loop, current, this);
        this.lingering = new Deadline(loop.timers(), (passed, nowNanos) -> close());
    }

    /** The ingress has its place. */
    void onAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        this.tls = ctx.pipeline().get(SslHandler.class);
    }

    /** The connection is gone. */
    void onInactive() {
        closed = true;
        dropFront();
        stall.close();
        lingering.close();
    }

    Loop loop() {
        return loop;
    }

    /** The newest configuration; what an exchange lives under is its own. */
    CurrentConfig current() {
        return current;
    }

    /** The newest timeouts: of what belongs to the connection, and of what has no complete head yet. */
    TimeoutsConfig timeouts() {
        return current.snapshot().config().timeouts();
    }

    /** The ingress's place in the pipeline: the messages of its exchanges start here. */
    ChannelHandlerContext context() {
        ChannelHandlerContext here = ctx;
        if (here == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return here;
    }

    /** Tells the stages what came for {@code request}. */
    void tell(ClientRequest request, Object message) {
        ClientRequest outer = told;
        told = request;
        try {
            context().fireChannelRead(message);
        } finally {
            told = outer;
        }
    }

    /** Whose message the stages have in hand; null where they have none. */
    @Nullable
    ClientRequest told() {
        return told;
    }

    @Nullable
    InetAddress remoteAddress() {
        return context().channel().remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
    }

    void setReading(boolean read) {
        Channel channel = context().channel();
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    // ------------------------------------------------------------------ what goes out

    /** Consumes {@code out}; flushed with its batch. */
    void write(ByteBuf out) {
        ByteBuf head = front;
        if (head != null) {
            front = null;
            if (hasRoomBefore(out, head.readableBytes())) {
                int start = out.readerIndex() - head.readableBytes();
                out.setBytes(start, head, head.readerIndex(), head.readableBytes());
                out.readerIndex(start);
                head.release();
            } else {
                writeNow(head);
            }
        }
        writeNow(out);
        loop.flushes().written(this);
    }

    /**
     * As {@link #write}, of a head: where the body's first bytes come in the same batch, in memory that has room before
     * them, the two are one buffer.
     */
    void writeHead(ByteBuf head) {
        writeFront();
        front = head;
        loop.flushes().written(this);
    }

    /** What lies before the reader index is given up with the buffer; nobody else may hold that memory. */
    private static boolean hasRoomBefore(ByteBuf out, int bytes) {
        return out.readerIndex() >= bytes && out.refCnt() == 1 && !out.isReadOnly();
    }

    private void writeNow(ByteBuf out) {
        // From here, not from the pipeline's end: no stage has a part in what goes out.
        ChannelHandlerContext here = context();
        here.write(out, here.voidPromise());
    }

    private void writeFront() {
        ByteBuf head = front;
        if (head != null) {
            front = null;
            writeNow(head);
        }
    }

    private void dropFront() {
        ByteBuf head = front;
        if (head != null) {
            front = null;
            head.release();
        }
    }

    @Override
    public void flushWritten() {
        writeFront();
        context().flush();
    }

    /** Returns whether the client has taken all that was queued. */
    boolean flushNow() {
        flushWritten();
        return unwrittenBytes() == 0;
    }

    boolean isWritable() {
        return context().channel().isWritable();
    }

    /** The queue has passed its high mark, or has fallen below the low one. */
    void onWritability(boolean writable) {
        if (!writable) {
            stall.watch();
        } else if (!ending) {
            stall.clear();
        }
    }

    /** What is queued must go on leaving from here on. */
    void watchReader() {
        stall.watch();
    }

    @Override
    public long unwrittenBytes() {
        ByteBuf head = front;
        return WriteQueue.bytesOf(context().channel()) + (head == null ? 0 : head.readableBytes());
    }

    @Override
    public void onWriteStall() {
        close();
    }

    // ------------------------------------------------------------------ its end

    /** Drops what is queued. Nothing tells the client that its answer is complete. */
    void close() {
        dropFront();
        if (tls == null) {
            context().close();
        } else {
            drop(context().channel());
        }
    }

    /** As {@link #close}, for who has the connection alone. Any thread. */
    static void drop(Channel channel) {
        ChannelHandlerContext encryption = channel.pipeline().context(SslHandler.class);
        if (encryption == null) {
            channel.close();
        } else {
            // From there on outwards: the encryption itself would add a close_notify.
            encryption.close();
        }
    }

    /** Closes a connection on which nothing is under way. Its ingress reads no more of it. */
    void leave() {
        if (!ending && unwrittenBytes() > 0) {
            // The last answer is complete and on its way to a slow reader.
            lastBytes().addListener(written -> close());
            return;
        }
        SslHandler encryption = tls;
        if (encryption == null || ending) {
            close();
            return;
        }
        ending = true;
        lingering.set(loop.nanoTime() + FAREWELL_NANOS);
        closeNotify(encryption).addListener(written -> close());
    }

    /** Closes behind what is queued, as {@link #close} does. */
    void closeWhenWritten() {
        ending = true;
        writeFront();
        // What is queued must go on leaving, even where the exchange it belongs to is over.
        stall.watch();
        context().channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> close());
    }

    /** All that is queued leaves; over TLS with a close_notify behind it. */
    private ChannelFuture lastBytes() {
        ending = true;
        writeFront();
        stall.watch();
        SslHandler encryption = tls;
        return encryption == null ? context().channel().writeAndFlush(Unpooled.EMPTY_BUFFER) : closeNotify(encryption);
    }

    private ChannelFuture closeNotify(SslHandler encryption) {
        ChannelPipeline pipeline = context().pipeline();
        // Not encrypted yet is what was written in this read batch, and behind the close_notify it could not be.
        writeFront();
        pipeline.flush();
        if (pipeline.get(NOT_READ) == null && pipeline.context(encryption) != null) {
            pipeline.addBefore(pipeline.context(encryption).name(), NOT_READ, new NotRead());
        }
        return encryption.closeOutbound();
    }

    /** Stands before the encryption. */
    private static final class NotRead extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    /**
     * Closes behind what is queued, so that none of it is lost.
     *
     * @param nothingComes whether no byte of the client can be lost to the close
     * @return whether the connection lingers: what comes is to be read and dropped
     */
    boolean closeGently(boolean nothingComes) {
        Channel channel = context().channel();
        long linger = timeouts().lingerNanos();
        if (nothingComes || linger == 0 || !(channel instanceof DuplexChannel duplex)) {
            lastBytes().addListener(written -> close());
            return false;
        }
        lastBytes().addListener(written -> {
            if (!closed) {
                // From here, not from the answer's end: a slow reader may still be at it.
                stall.clear();
                lingering.after(loop.nanoTime(), linger);
                Transport.shutdownOutput(duplex);
            }
        });
        return true;
    }
}
