package dev.slipstream.ingress;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeadBuilder;
import dev.slipstream.codec.http1.HeadResult;
import dev.slipstream.exchange.ClientStream;
import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.exchange.ResponseHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream of an HTTP/2 connection of a client: a request and its answer. Belongs to its {@link H2Ingress} and is reused
 * for another stream when its own is closed.
 *
 * <h2>The request's body</h2>
 *
 * What comes is told at once, and the client may send as much anew. While the exchange is paused it waits here, in copies
 * (a slice would keep all of the read that it lies in), counted among the held bodies; its credit is withheld until it is
 * told. So at most one window of each stream waits.
 *
 * <h2>The answer</h2>
 *
 * What is written waits in the codec for the client's credit. Where none of it moves for {@code timeouts.client_write},
 * the stream is reset, and no other.
 */
final class H2ClientStream implements ClientStream, WriteStall.Watched {
    private final H2Ingress ingress;
    private final ClientSocket socket;
    private final ClientRequest request;
    private final ByteBudget heldBytes;
    private final WriteStall stall;
    private final PendingBytes pending = new PendingBytes();
    private final Runnable onResumed = this::onResumed;

    private @Nullable Http2Stream stream;
    /** Nothing of the request is to come any more. */
    private boolean requestEnded;

    private boolean bodySeen;
    private boolean continued;
    private boolean noBody;
    private boolean resetWhenSent;
    private long queuedBytes;
    private long sentBytes;

    H2ClientStream(H2Ingress ingress, ClientSocket socket, ExchangePool exchanges, ByteBudget heldBytes) {
        this.ingress = ingress;
        this.socket = socket;
        this.heldBytes = heldBytes;
        this.request = new ClientRequest(socket, exchanges);
        this.stall = new WriteStall(socket.loop(), socket.current(), this);
    }

    // ------------------------------------------------------------------ its life

    /** The client has opened it. */
    void open(Http2Stream stream) {
        this.stream = stream;
        requestEnded = false;
        bodySeen = false;
        continued = false;
        noBody = false;
        resetWhenSent = false;
        queuedBytes = 0;
        sentBytes = 0;
    }

    /** The stream is closed, whoever closed it; what was not complete by then will not be. */
    void onClosed() {
        stream = null;
        onClientLeft();
        stall.clear();
    }

    /** Nobody waits for the answer any more. */
    void onClientLeft() {
        request.onClientLeft();
        dropPending();
    }

    /** It will not be used again. */
    void retire() {
        request.retire();
        stall.close();
    }

    ClientRequest request() {
        return request;
    }

    /** What waits in the codec. */
    long unsentBytes() {
        return queuedBytes - sentBytes;
    }

    // ------------------------------------------------------------------ the request

    void onHead(HeadBuilder builder, Http2Headers headers, boolean end) {
        requestEnded = end;
        Exchange here = request.open(this);
        FlatHead head = here.requestHead();
        HeadResult result =
                builder.beginRequest(head, text(headers.method()), text(headers.path()), text(headers.authority()));
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            if (result == HeadResult.COMPLETE && !(name.length() > 0 && name.charAt(0) == ':')) {
                result = builder.add(name, field.getValue());
            }
        }
        if (result == HeadResult.COMPLETE) {
            result = builder.endRequest();
        }
        if (result == HeadResult.COMPLETE && !isOfHttp(headers)) {
            request.refuseHead(FailureKind.BAD_REQUEST, "it is not a request of http or https");
            return;
        }
        switch (result) {
            case COMPLETE -> {
                request.onHead(end ? 0 : head.contentLength(), !end);
                request.tellEnd();
            }
            case TARGET_TOO_LONG -> request.refuseHead(FailureKind.TARGET_TOO_LONG, builder.detail());
            case TOO_LARGE -> request.refuseHead(FailureKind.HEADER_TOO_LARGE, builder.detail());
            default -> request.refuseHead(FailureKind.BAD_REQUEST, builder.detail());
        }
    }

    /** What the codec lets pass: any scheme, and :protocol (RFC 8441), which was not offered. */
    private static boolean isOfHttp(Http2Headers headers) {
        CharSequence scheme = text(headers.scheme());
        return (AsciiString.contentEqualsIgnoreCase(scheme, "https")
                        || AsciiString.contentEqualsIgnoreCase(scheme, "http"))
                && !headers.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
    }

    private static CharSequence text(@Nullable CharSequence value) {
        return value == null ? "" : value;
    }

    /** The head is larger than what the codec takes. */
    void refuseHead() {
        request.open(this);
        request.refuseHead(FailureKind.HEADER_TOO_LARGE, "the head is too large");
    }

    /**
     * Borrows {@code data}.
     *
     * @return how many of its bytes, and of {@code padding}, the client may send anew
     */
    int onData(ByteBuf data, int padding, boolean end) {
        int bytes = data.readableBytes();
        requestEnded |= end;
        if (request.phase() != ClientRequest.Phase.BODY || request.isBroken()) {
            return bytes + padding;
        }
        if (!request.isPaused() && pending.bytes() == 0) {
            tell(data.retain());
            return bytes + padding;
        }
        if (bytes > 0) {
            if (!heldBytes.tryReserve(bytes)) {
                request.refuseBody(FailureKind.OVERLOADED, "The proxy holds as much as it may.");
                return bytes + padding;
            }
            pending.add(copyOfReserved(data, bytes));
        }
        return padding;
    }

    /** What was reserved for it is given back where there is no memory. */
    private ByteBuf copyOfReserved(ByteBuf data, int bytes) {
        try {
            return socket.loop().allocator().directBuffer(bytes).writeBytes(data, data.readerIndex(), bytes);
        } catch (OutOfMemoryError e) {
            heldBytes.release(bytes);
            throw e;
        }
    }

    /** Trailers came; nothing of them passes. */
    void onEnd() {
        requestEnded = true;
        if (request.phase() == ClientRequest.Phase.BODY && !request.isPaused() && pending.bytes() == 0) {
            request.onReceived();
            request.tellEnd();
        }
    }

    /** Consumes {@code data}, behind which only {@link #pending} has come. */
    private void tell(ByteBuf data) {
        if (requestEnded && pending.bytes() == 0) {
            request.onReceived();
        }
        if (data.isReadable()) {
            bodySeen = true;
            request.onData(data);
        } else {
            data.release();
        }
        request.tellEnd();
    }

    @Override
    public void onRequestPauseChanged() {
        request.onPauseChanged();
        if (!request.isPaused()) {
            // Not from inside whoever resumes, and not within this turn of the loop, which others share.
            socket.loop().afterTurn(onResumed);
        }
    }

    private void onResumed() {
        Http2Stream here = stream;
        if (here == null) {
            return;
        }
        socket.loop().flushes().begin();
        int told = 0;
        ByteBuf first = pending.first();
        while (first != null && !request.isPaused()) {
            int bytes = first.readableBytes();
            ByteBuf data = pending.take(first, bytes);
            heldBytes.release(bytes);
            told += bytes;
            tell(data);
            first = pending.first();
        }
        if (first == null && requestEnded && request.phase() == ClientRequest.Phase.BODY && !request.isPaused()) {
            request.onReceived();
        }
        request.tellEnd();
        if (told > 0) {
            ingress.giveCredit(here, told);
        }
        socket.loop().flushes().end();
    }

    private void dropPending() {
        if (pending.bytes() > 0) {
            heldBytes.release(pending.bytes());
            pending.release();
        }
    }

    // ------------------------------------------------------------------ the answer

    @Override
    public void writeContinue() {
        Http2Stream here = stream;
        if (here != null
                && !continued
                && request.phase() == ClientRequest.Phase.BODY
                && !bodySeen
                && pending.bytes() == 0) {
            continued = true;
            ingress.writeContinue(here);
        }
    }

    @Override
    public void writeHead(ResponseHead head) {
        Exchange here = head.exchange();
        here.setStatus(head.status());
        boolean bodiless = head.status() == 204 || head.status() == 304;
        noBody = bodiless || here.isHeadRequest();
        Http2Stream to = stream;
        if (to != null) {
            boolean withLength = !bodiless && head.contentLength() != ResponseHead.UNKNOWN_LENGTH;
            ingress.writeHead(to, head, withLength);
        }
    }

    @Override
    public void writeBody(ByteBuf data) {
        Http2Stream to = stream;
        if (noBody || to == null) {
            data.release();
            return;
        }
        int bytes = data.readableBytes();
        Exchange here = request.exchange();
        if (here != null) {
            here.figures().addBodyBytes(bytes);
        }
        queuedBytes += bytes;
        ingress.writeBody(to, data);
        if (stream == to && !isWritable()) {
            stall.watch();
        }
    }

    /** The codec has written that many bytes of the body to the socket's queue. */
    void onSent(int bytes) {
        sentBytes += bytes;
        if (sentBytes == queuedBytes) {
            stall.clear();
            if (resetWhenSent) {
                Http2Stream of = stream;
                // Not from inside the codec's write; by then this may be another stream's.
                socket.loop().eventLoop().execute(() -> {
                    if (stream == of) {
                        resetNow();
                    }
                });
            }
        }
    }

    @Override
    public void writeEnd() {
        boolean requestComplete = request.isComplete();
        // First, for the end may close the stream at once.
        request.close(CloseReason.ANSWERED);
        dropPending();
        Http2Stream to = stream;
        if (to != null) {
            ingress.writeEnd(to, requestComplete);
            watchRest(to);
        }
    }

    private void watchRest(Http2Stream of) {
        if (stream == of && unsentBytes() > 0) {
            stall.watch();
        }
    }

    /** What is queued goes first; the reset tells the client that it is not all. */
    @Override
    public void abort() {
        request.close(CloseReason.BROKEN);
        dropPending();
        Http2Stream to = stream;
        if (to == null) {
            return;
        }
        ingress.sendQueued();
        if (stream == to && unsentBytes() > 0) {
            resetWhenSent = true;
            stall.watch();
        } else {
            resetNow();
        }
    }

    private void resetNow() {
        Http2Stream to = stream;
        if (to != null) {
            ingress.reset(to, Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public void drop() {
        flushNow();
        request.close(CloseReason.BROKEN);
        dropPending();
        resetNow();
    }

    @Override
    public void onWriteStall() {
        onClientLeft();
        Http2Stream to = stream;
        if (to != null) {
            ingress.reset(to, Http2Error.CANCEL);
        }
    }

    @Override
    public long unwrittenBytes() {
        // Less only where some of them have gone, however many were added.
        return Long.MAX_VALUE - sentBytes;
    }

    @Override
    public boolean flushNow() {
        return ingress.flushNow() && unsentBytes() == 0;
    }

    @Override
    public boolean isWritable() {
        Http2Stream to = stream;
        return to == null || ingress.isWritable(to);
    }

    void onWritability() {
        request.onWritability(isWritable());
    }

    @Override
    public @Nullable InetAddress remoteAddress() {
        return socket.remoteAddress();
    }

    /** The process ends. What is complete on our side is left to the client to take. */
    void endForDrain() {
        if (!request.endForDrain() && request.phase() != ClientRequest.Phase.NONE) {
            onClientLeft();
            resetNow();
        }
    }
}
