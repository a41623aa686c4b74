package dev.slipstream.exchange;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an exchange: what an ingress lets others do with it. On the exchange's loop alone; calls for an
 * exchange that has been closed are a bug.
 */
public interface ClientStream {
    /** Sends {@code 100 Continue}, once, if the client asked for it and has sent nothing of its body. */
    void writeContinue();

    /** Sends the head of the answer. Borrows {@code head}. */
    void writeHead(ResponseHead head);

    /**
     * Sends the next bytes of the answer's body, and counts them in its figures. Consumes {@code data}, and with it what
     * the buffer has around them: before them a head may be put, and a chunk's framing that is there already may be sent.
     */
    void writeBody(ByteBuf data);

    /** The answer is complete. The exchange is closed when this returns. */
    void writeEnd();

    /**
     * The answer cannot be completed: ends it so that the client cannot take it for complete. The exchange is closed
     * when this returns.
     */
    void abort();

    /**
     * As {@link #abort}, where direct memory is short: what the client does not take at once is dropped. Queued for a
     * client that takes nothing, it would be missing until {@code timeouts.client_write}, and cost others their answers.
     */
    void drop();

    /** Sends what is queued, as far as the client takes it at once. Returns whether nothing is left. */
    boolean flushNow();

    /** The client's address; null where the transport has none. */
    @Nullable
    InetAddress remoteAddress();

    /** Whether the client takes what is written, or bytes pile up. */
    boolean isWritable();

    /** The {@link PauseReasons} of the request have become none, or ceased to be none. */
    void onRequestPauseChanged();
}
