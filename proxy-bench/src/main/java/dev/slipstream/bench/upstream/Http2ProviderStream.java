package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request on an HTTP/2 connection, and the way back to it. Confined to the loop; owns the request's body
 * until it is whole.
 */
final class Http2ProviderStream implements AnswerStream {
    private static final int FIRST_BODY_BYTES = 1024;
    private static final AsciiString CONTENT_LENGTH = HttpHeaderNames.CONTENT_LENGTH;

    private final Http2ProviderConnection connection;
    private final Http2Stream stream;
    private final String method;
    private final String path;
    private final HttpHeaders headers = new DefaultHttpHeaders();
    private @Nullable ByteBuf body;
    private @Nullable Delivery delivery;
    private @Nullable ChannelFuture lastWrite;
    /** The answer's own end came, or the client's. */
    private boolean done;

    Http2ProviderStream(Http2ProviderConnection connection, Http2Stream stream, Http2Headers head) {
        this.connection = connection;
        this.stream = stream;
        this.method = String.valueOf(head.method());
        this.path = String.valueOf(head.path());
        if (head.authority() != null) {
            headers.add(HttpHeaderNames.HOST, head.authority().toString());
        }
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            CharSequence name = field.getKey();
            if (name.length() > 0 && name.charAt(0) != ':') {
                headers.add(name.toString(), field.getValue().toString());
            }
        }
    }

    /** Borrows the bytes. */
    void onData(ByteBuf data) {
        if (done || delivery != null || !data.isReadable()) {
            return;
        }
        if (body == null) {
            body = connection.context().alloc().buffer(Math.max(FIRST_BODY_BYTES, data.readableBytes()));
        }
        if (body.readableBytes() + data.readableBytes() > ProviderServer.MAX_REQUEST_BYTES) {
            tooLarge();
            return;
        }
        body.writeBytes(data);
    }

    /** RFC 9113 §8.1: answered before the request ended, and then asked to stop. */
    private void tooLarge() {
        done = true;
        releaseBody();
        ChannelHandlerContext ctx = connection.context();
        Http2Headers head = new DefaultHttp2Headers(false).status("413");
        connection
                .encoder()
                .writeHeaders(ctx, stream.id(), head, 0, true, ctx.newPromise())
                .addListener(sent -> reset(Http2Error.NO_ERROR));
        ctx.flush();
    }

    void onRequestEnd() {
        if (done || delivery != null) {
            return;
        }
        byte[] bytes = body == null ? new byte[0] : new byte[body.readableBytes()];
        if (body != null) {
            body.readBytes(bytes);
            releaseBody();
        }
        ReceivedRequest received = new ReceivedRequest("HTTP/2", method, path, headers, bytes);
        ProviderServer server = connection.server();
        server.counters().onRequest();
        server.keep(received);
        delivery = new Delivery(this, server.answer(received), server.counters());
        delivery.start();
    }

    void onWritable() {
        if (delivery != null && !done) {
            delivery.onWritable();
        }
    }

    /** The stream is closed, by whomever. */
    void onClosed() {
        releaseBody();
        if (delivery != null && !done) {
            done = true;
            delivery.cancel();
            connection.server().counters().onAnswerEnd(true);
        }
    }

    private void releaseBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    @Override
    public EventExecutor executor() {
        return connection.context().executor();
    }

    @Override
    public ByteBufAllocator allocator() {
        return connection.context().alloc();
    }

    @Override
    public boolean isWritable() {
        return connection.encoder().flowController().isWritable(stream);
    }

    @Override
    public void head(Answer answer) {
        Http2Headers head = new DefaultHttp2Headers(false, answer.headers().size() + 2);
        head.status(String.valueOf(answer.status()));
        answer.headers().forEach(head::add);
        if (answer.contentLengthBytes() >= 0) {
            head.setLong(CONTENT_LENGTH, answer.contentLengthBytes());
        }
        ChannelHandlerContext ctx = connection.context();
        lastWrite = connection.encoder().writeHeaders(ctx, stream.id(), head, 0, false, ctx.newPromise());
    }

    @Override
    public void data(ByteBuf piece, boolean last) {
        if (last) {
            ended();
        }
        ChannelHandlerContext ctx = connection.context();
        lastWrite = connection.encoder().writeData(ctx, stream.id(), piece, 0, last, ctx.newPromise());
        // By this handler, not from it on: the codec hands out what the client has credit for when it is flushed.
        connection.flush(ctx);
    }

    @Override
    public void end() {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void breakOff(Ending how) {
        ended();
        // What was written before the break is to arrive.
        ChannelFuture last = lastWrite == null ? connection.context().newSucceededFuture() : lastWrite;
        if (how == Ending.RESET) {
            last.addListener(Resets.RESET);
        } else {
            Http2Error code = how == Ending.REFUSE ? Http2Error.REFUSED_STREAM : Http2Error.INTERNAL_ERROR;
            last.addListener((ChannelFutureListener) written -> reset(code));
        }
    }

    private void reset(Http2Error code) {
        if (connection.connection().stream(stream.id()) == null) {
            // The client was faster.
            return;
        }
        ChannelHandlerContext ctx = connection.context();
        connection.resetStream(ctx, stream.id(), code.code(), ctx.newPromise());
        connection.flush(ctx);
    }

    @Override
    public void flush() {
        connection.flush(connection.context());
    }

    private void ended() {
        done = true;
        connection.server().counters().onAnswerEnd(false);
    }
}
