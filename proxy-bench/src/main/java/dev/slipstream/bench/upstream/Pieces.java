package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The pieces of a body in order, each to be sent as a chunk of its own. Confined to a loop; used once. */
interface Pieces {
    /** How many there are in all. */
    int count();

    boolean hasNext();

    /** Whether the next piece is a further token, before which the token gap passes. */
    boolean isPaced();

    /** Returns owned. */
    ByteBuf next(ByteBufAllocator allocator);
}
