package dev.slipstream.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds a client to the order of its streams, which the codec resets where the RFC ends the connection (RFC 9113 §5.1.1): a
 * head on a number that was passed over is PROTOCOL_ERROR, one on a stream that is closed STREAM_CLOSED. What may have
 * been under way when we reset its stream is let through, for who discards it. Confined to its connection.
 */
final class H2StreamOrder implements Http2FrameReader {
    /** Numbers passed over that are told from closed streams; a client that is in its right mind passes over none. */
    private static final int REMEMBERED_GAPS = 8;

    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private IntPredicate mayBeLate = streamId -> false;
    /** From a number to another, both within. */
    private final int[] gapStarts = new int[REMEMBERED_GAPS];

    private final int[] gapEnds = new int[REMEMBERED_GAPS];
    private int gaps;

    private @Nullable Http2FrameListener told;
    private @Nullable Http2FrameListener guarded;

    H2StreamOrder(Http2FrameReader reader, Http2Connection connection) {
        this.reader = reader;
        this.connection = connection;
    }

    /** @param mayBeLate whether the client may not know yet that this stream was reset */
    void setMayBeLate(IntPredicate mayBeLate) {
        this.mayBeLate = mayBeLate;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        Http2FrameListener guard = guarded;
        if (guard == null || told != listener) {
            guard = new Guard(listener);
            guarded = guard;
            told = listener;
        }
        reader.readFrame(ctx, input, guard);
    }

    private void check(int streamId) throws Http2Exception {
        Http2Connection.Endpoint<?> client = connection.remote();
        int last = client.lastStreamCreated();
        if (streamId > last) {
            // The first that a client opens may be any; 1 is where it begins.
            int next = last < 1 ? 1 : last + 2;
            if (streamId > next && client.isValidStreamId(streamId)) {
                gapStarts[gaps % REMEMBERED_GAPS] = next;
                gapEnds[gaps % REMEMBERED_GAPS] = streamId - 2;
                gaps++;
            }
            return;
        }
        if (!client.isValidStreamId(streamId) || connection.stream(streamId) != null || mayBeLate.test(streamId)) {
            return;
        }
        throw Http2Exception.connectionError(
                isInGap(streamId) ? Http2Error.PROTOCOL_ERROR : Http2Error.STREAM_CLOSED,
                "a head on stream %d, which is not open any more",
                streamId);
    }

    private boolean isInGap(int streamId) {
        for (int i = 0; i < REMEMBERED_GAPS; i++) {
            if (streamId >= gapStarts[i] && streamId <= gapEnds[i]) {
                return true;
            }
        }
        return false;
    }

    private final class Guard extends Http2FrameListenerDecorator {
        Guard(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
                throws Http2Exception {
            check(streamId);
            super.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream)
                throws Http2Exception {
            check(streamId);
            super.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
        }
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }
}
