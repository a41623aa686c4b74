package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;

/**
 * One request's way back to its client, whatever the wire: what a {@link Delivery} writes to. Confined to the
 * loop of its connection. After {@link #end}, {@link #data} with {@code last}, or {@link #breakOff} it belongs to
 * nobody, and nothing is written to it any more.
 */
interface AnswerStream {
    EventExecutor executor();

    ByteBufAllocator allocator();

    /** Whether more may be produced; {@link Delivery#onWritable()} tells when it may again. */
    boolean isWritable();

    /** Writes the head, without a flush. */
    void head(Answer answer);

    /**
     * Consumes the piece. Writes and flushes it, as a chunk or frame of its own.
     *
     * @param last it ends the response well
     */
    void data(ByteBuf piece, boolean last);

    /** Ends the response well. */
    void end();

    /**
     * Ends it badly, when what was written so far has left.
     *
     * @param how {@link Ending#CLOSE}: as mildly as the wire can, by the end of the connection in HTTP/1.1, by the
     *     end of the stream alone in HTTP/2 (RST_STREAM); {@link Ending#REFUSE}: the same, and in HTTP/2 the client
     *     is told that nothing was done; {@link Ending#RESET}: the connection is reset (RST of TCP), and what else
     *     lives on it dies too
     */
    void breakOff(Ending how);

    void flush();
}
