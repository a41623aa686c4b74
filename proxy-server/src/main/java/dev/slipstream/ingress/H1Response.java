package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.ChunkFraming;
import dev.slipstream.codec.http1.HeadWriter;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.exchange.ClientStream;
import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The answers of an HTTP/1.1 connection, one after another: head, framing, and whether the connection outlives them.
 * Belongs to its {@link H1Ingress}, which is told when an answer is over.
 */
final class H1Response implements ClientStream {
    private static final int HEAD_BYTES = 1024;
    private static final int SIZE_LINE_BYTES = 16;
    private static final int CRLF = '\r' << 8 | '\n';
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    private final H1Ingress ingress;
    private final ClientSocket socket;
    private final ClientRequest request;
    private final H1Head headWriter = new H1Head();

    private boolean toHttp10;
    private boolean keepAlive;
    private boolean continued;
    private boolean chunked;
    private boolean noBody;

    H1Response(H1Ingress ingress, ClientSocket socket, ClientRequest request) {
        this.ingress = ingress;
        this.socket = socket;
        this.request = request;
    }

    /** The head of a request is here: what it asks of its answer. */
    void onRequest(boolean keepAlive, boolean toHttp10) {
        this.keepAlive = keepAlive;
        this.toHttp10 = toHttp10;
        continued = false;
    }

    @Override
    public void writeContinue() {
        if (!continued && !toHttp10 && request.phase() == ClientRequest.Phase.BODY && !ingress.hasBodyBytes()) {
            continued = true;
            socket.write(socket.loop().allocator().directBuffer(CONTINUE.length).writeBytes(CONTINUE));
        }
    }

    @Override
    public void writeHead(ResponseHead head) {
        Exchange here = head.exchange();
        here.setStatus(head.status());
        boolean bodiless = head.status() == 204 || head.status() == 304;
        noBody = bodiless || here.isHeadRequest();
        boolean lengthKnown = head.contentLength() != ResponseHead.UNKNOWN_LENGTH;
        H1Head.Framing how;
        if (bodiless) {
            how = H1Head.Framing.NONE;
        } else if (lengthKnown) {
            how = H1Head.Framing.LENGTH;
        } else {
            how = toHttp10 ? H1Head.Framing.UNTIL_CLOSE : H1Head.Framing.CHUNKED;
        }
        chunked = how == H1Head.Framing.CHUNKED;
        keepAlive &= how != H1Head.Framing.UNTIL_CLOSE && !socket.current().isDraining();
        keepAlive &= request.isComplete() || isDrainable(here);
        ByteBuf out = socket.loop().allocator().directBuffer(HEAD_BYTES);
        try {
            headWriter.write(out, head, how, !keepAlive, toHttp10);
        } catch (OutOfMemoryError e) {
            out.release();
            throw e;
        }
        socket.writeHead(out);
    }

    /** Whether the rest of the body is certain to come, and little enough to be read for nothing. */
    private boolean isDrainable(Exchange here) {
        if (request.isBroken() || !ingress.isRestSmall()) {
            return false;
        }
        boolean mayStayAway = here.requestHead().find(HeaderName.EXPECT) >= 0 && !continued && !ingress.hasBodyBytes();
        return !mayStayAway;
    }

    @Override
    public void writeBody(ByteBuf data) {
        if (noBody) {
            data.release();
            return;
        }
        Exchange here = request.exchange();
        if (here != null) {
            here.figures().addBodyBytes(data.readableBytes());
        }
        if (chunked) {
            writeChunk(data);
        } else {
            socket.write(data);
        }
    }

    /**
     * The line end goes with the data, not with the next chunk: there are clients that do not hand a chunk on before it,
     * and an event would wait for the next one.
     */
    private void writeChunk(ByteBuf data) {
        if (ChunkFraming.include(data)) {
            socket.write(data);
            return;
        }
        ByteBufAllocator allocator = socket.loop().allocator();
        ByteBuf sizeLine = null;
        ByteBuf lineEnd;
        try {
            sizeLine = allocator.directBuffer(SIZE_LINE_BYTES);
            lineEnd = allocator.directBuffer(2);
        } catch (OutOfMemoryError e) {
            if (sizeLine != null) {
                sizeLine.release();
            }
            data.release();
            throw e;
        }
        HeadWriter.chunkSize(sizeLine, data.readableBytes());
        socket.write(sizeLine);
        socket.write(data);
        socket.write(lineEnd.writeShort(CRLF));
    }

    @Override
    public void writeEnd() {
        if (chunked && !noBody) {
            socket.write(
                    socket.loop().allocator().directBuffer(LAST_CHUNK.length).writeBytes(LAST_CHUNK));
        }
        boolean requestComplete = request.isComplete();
        request.close(CloseReason.ANSWERED);
        ingress.onAnswered(keepAlive, requestComplete);
    }

    @Override
    public void abort() {
        request.close(CloseReason.BROKEN);
        ingress.onBroken();
    }

    @Override
    public void drop() {
        socket.flushNow();
        request.close(CloseReason.BROKEN);
        ingress.onDropped();
    }

    @Override
    public boolean flushNow() {
        return socket.flushNow();
    }

    @Override
    public @Nullable InetAddress remoteAddress() {
        return socket.remoteAddress();
    }

    @Override
    public boolean isWritable() {
        return socket.isWritable();
    }

    @Override
    public void onRequestPauseChanged() {
        ingress.onPauseChanged();
    }
}
