package dev.slipstream.upstream;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeadBuilder;
import dev.slipstream.codec.http1.HeadResult;
import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.failure.FailureKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request on an {@link H2Connection}. A small body is gathered into one buffer and leaves in one DATA frame.
 *
 * <p>Credit: what came is given back to the provider as it is handed on, unless the client is slow. Then it is owed,
 * and given back when the client reads again; so at most one stream window lies between the two. What comes meanwhile is
 * copied: a slice would keep all of the read that it lies in, which holds the frames of other streams too.
 */
final class H2UpstreamStream implements UpstreamStream {
    /** Body pieces up to this size are copied into one frame. */
    private static final int GATHER_BYTES = H1Connection.GATHER_BYTES;

    private static final int MAX_INTERIM = 10;
    private static final int SWITCHING_PROTOCOLS = 101;

    /** The connection's number of it; 0 until its head is written. */
    static final int NO_ID = 0;

    private final H2Connection connection;
    private @Nullable UpstreamListener listener;
    private int id = NO_ID;
    private @Nullable ByteBuf gathered;
    /** Nothing is sent or told any more. */
    private boolean over;

    private boolean refused;

    private boolean headCame;
    private boolean bodyless;
    private int interim;
    private boolean readPaused;
    private int owedCredit;
    private long sentNanos;

    H2UpstreamStream(H2Connection connection) {
        this.connection = connection;
    }

    int id() {
        return id;
    }

    // ------------------------------------------------------------------ the request

    @Override
    public void listen(UpstreamListener listener) {
        this.listener = listener;
    }

    @Override
    public void writeHead(UpstreamHead request) {
        long length = request.contentLength();
        if (length > 0 && length <= GATHER_BYTES) {
            gathered = connection.allocator().directBuffer((int) length, (int) length);
        }
        sentNanos = connection.nanoTime();
        id = connection.begin(this, request);
    }

    @Override
    public void writeBody(ByteBuf data) {
        if (over) {
            data.release();
            return;
        }
        ByteBuf front = gathered;
        if (front != null && data.readableBytes() <= front.writableBytes()) {
            front.writeBytes(data, data.readerIndex(), data.readableBytes());
            data.release();
            return;
        }
        writeGathered();
        connection.writeData(id, data, false);
    }

    @Override
    public void writeGathered() {
        ByteBuf front = gathered;
        gathered = null;
        if (front == null) {
            return;
        }
        if (over || !front.isReadable()) {
            front.release();
        } else {
            connection.writeData(id, front, false);
        }
    }

    @Override
    public void writeEnd() {
        if (over) {
            return;
        }
        ByteBuf last = gathered;
        gathered = null;
        connection.writeData(id, last == null ? Unpooled.EMPTY_BUFFER : last, true);
    }

    @Override
    public boolean isWritable() {
        return over || connection.isWritable(id);
    }

    void onWritability() {
        UpstreamListener told = listener;
        if (told != null) {
            told.onUpstreamWritability(isWritable());
        }
    }

    @Override
    public void cancel() {
        boolean wasOver = finish() == null;
        if (!wasOver) {
            connection.abandon(this, Http2Error.CANCEL);
        }
    }

    // ------------------------------------------------------------------ the answer

    @Override
    public void setReadPaused(boolean paused) {
        readPaused = paused;
        if (!paused && owedCredit > 0) {
            int credit = owedCredit;
            owedCredit = 0;
            connection.giveCredit(id, credit);
        }
    }

    @Override
    public boolean hasAnswerBytes() {
        // Whatever came behind the request shows that the connection was alive when it went out.
        return headCame || interim > 0 || (id != NO_ID && connection.lastReadNanos() - sentNanos > 0);
    }

    @Override
    public boolean isRefused() {
        return (refused && !headCame && interim == 0) || connection.isRefused();
    }

    void onHeaders(Http2Headers headers, boolean end) {
        if (over) {
            return;
        }
        if (headCame) {
            // Trailers; the codec has seen to it that they end the stream. Nothing of them passes.
            if (end) {
                endAnswer();
            }
            return;
        }
        int status = statusOf(headers);
        if (status >= 100 && status < 200) {
            interim++;
            if (end || status == SWITCHING_PROTOCOLS || interim > MAX_INTERIM) {
                breakOff(end ? "an interim answer ended the stream" : "too many 1xx, or 101");
            }
            return;
        }
        FlatHead head = connection.head();
        HeadBuilder builder = connection.builder();
        head.reset();
        HeadResult result = builder.beginResponse(head, status);
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            if (result == HeadResult.COMPLETE && !(name.length() > 0 && name.charAt(0) == ':')) {
                result = builder.add(name, field.getValue());
            }
        }
        if (result != HeadResult.COMPLETE) {
            head.reset();
            breakOff(builder.detail());
            return;
        }
        headCame = true;
        BodyFraming framing = head.responseFraming(false);
        bodyless = framing == BodyFraming.NONE;
        if (framing == BodyFraming.UNTIL_CLOSE) {
            // Here every body has an end of its own.
            framing = end ? BodyFraming.NONE : BodyFraming.CHUNKED;
        }
        listener().onUpstreamHead(head, framing);
        head.reset();
        if (end && !over) {
            endAnswer();
        }
    }

    private static int statusOf(Http2Headers headers) {
        CharSequence status = headers.status();
        if (status == null || status.length() != 3) {
            return 0;
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            int digit = status.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            code = code * 10 + digit;
        }
        return code;
    }

    /**
     * Borrows {@code data}.
     *
     * @return how many of its bytes, and of {@code padding}, the provider may send anew
     */
    int onData(ByteBuf data, int padding, boolean end) {
        int bytes = data.readableBytes();
        if (over) {
            return bytes + padding;
        }
        if (!headCame || (bodyless && bytes > 0)) {
            breakOff(headCame ? "a body where none belongs" : "a body without a head");
            return bytes + padding;
        }
        if (bytes > 0) {
            listener().onUpstreamData(readPaused ? connection.copyOf(data) : data.retain());
        }
        if (end && !over) {
            endAnswer();
        }
        if (over || !readPaused) {
            return bytes + padding;
        }
        owedCredit += bytes;
        return padding;
    }

    private UpstreamListener listener() {
        UpstreamListener here = listener;
        if (here == null) {
            throw new IllegalStateException("no request on this stream");
        }
        return here;
    }

    private void endAnswer() {
        UpstreamListener told = finish();
        if (connection.isSending(id)) {
            // The answer is complete and the rest of the upload is not wanted (RFC 9113 §8.1); nor is what waits for
            // credit that may never come.
            connection.abandon(this, Http2Error.NO_ERROR);
        }
        if (told != null) {
            told.onUpstreamEnd();
        }
    }

    /** The provider broke the rules on this stream; the connection goes on. */
    private void breakOff(String detail) {
        UpstreamListener told = finish();
        connection.abandon(this, Http2Error.PROTOCOL_ERROR);
        if (told != null) {
            told.onUpstreamFailure(FailureKind.UPSTREAM_PROTOCOL, detail);
        }
    }

    /** RST_STREAM came. */
    void onReset(long errorCode) {
        Http2Error error = Http2Error.valueOf(errorCode);
        refused = error == Http2Error.REFUSED_STREAM;
        fail(
                isBlame(error) ? FailureKind.UPSTREAM_PROTOCOL : FailureKind.UPSTREAM_CLOSED,
                "reset the stream: " + error);
    }

    /** Whether the provider says that it is us who broke the rules, or that it wants another protocol. */
    private static boolean isBlame(@Nullable Http2Error error) {
        return error == Http2Error.PROTOCOL_ERROR
                || error == Http2Error.FLOW_CONTROL_ERROR
                || error == Http2Error.FRAME_SIZE_ERROR
                || error == Http2Error.COMPRESSION_ERROR
                || error == Http2Error.HTTP_1_1_REQUIRED;
    }

    /** GOAWAY left this stream out: nothing was done with it. */
    void onLeftOut() {
        refused = true;
        fail(FailureKind.UPSTREAM_CLOSED, "the provider is going away");
    }

    /** The stream is gone for a reason that lies in the connection, or in what the codec found on it. */
    void fail(FailureKind kind, String detail) {
        UpstreamListener told = finish();
        if (told != null) {
            told.onUpstreamFailure(kind, detail);
        }
    }

    /** @return who is still to be told; null where it is over already */
    private @Nullable UpstreamListener finish() {
        UpstreamListener told = listener;
        over = true;
        listener = null;
        ByteBuf front = gathered;
        gathered = null;
        if (front != null) {
            front.release();
        }
        return told;
    }
}
