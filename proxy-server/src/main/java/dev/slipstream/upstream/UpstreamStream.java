package dev.slipstream.upstream;

import dev.slipstream.exchange.UpstreamHead;
import io.netty.buffer.ByteBuf;

/** One request on a connection to a provider, whatever the protocol. On the connection's loop alone. */
public interface UpstreamStream {
    /** Who is told what comes back; before anything is written. */
    void listen(UpstreamListener listener);

    /** Writes the head of the request. Borrows {@code head}. */
    void writeHead(UpstreamHead head);

    /** Writes the next bytes of the request's body. Consumes {@code data}. */
    void writeBody(ByteBuf data);

    /** More of the body comes later: what was gathered so far goes out now. */
    void writeGathered();

    /** The request is complete. */
    void writeEnd();

    /** Whether the provider takes what is written, or bytes pile up. */
    boolean isWritable();

    /** Stops or resumes the reading of the answer; what has been read already may still be delivered. */
    void setReadPaused(boolean paused);

    /**
     * Whether a byte has come that shows that the connection was alive when the request went out: of the answer, or, on
     * a shared connection, of anything.
     */
    boolean hasAnswerBytes();

    /** Whether the provider has said that it did nothing with the request, so that it may be sent anew. */
    boolean isRefused();

    /** Nobody wants the answer any more. Calls nobody back. */
    void cancel();
}
