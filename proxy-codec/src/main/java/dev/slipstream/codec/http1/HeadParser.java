package dev.slipstream.codec.http1;

import io.netty.buffer.ByteBuf;

/**
 * The strict HTTP/1.1 head parser of one connection's one direction; resumable at any byte.
 */
public final class HeadParser {
    private HeadParser() {}

    /** A parser of request heads. Sizes in bytes. */
    public static HeadParser ofRequests(int maxTargetBytes, int maxHeadBytes, int maxFields) {
        return new HeadParser();
    }

    /** A parser of response heads. Sizes in bytes. */
    public static HeadParser ofResponses(int maxHeadBytes, int maxFields) {
        return new HeadParser();
    }

    /**
     * Takes bytes from {@code in} (borrows it; advances its reader index over what belongs to the head) and fills
     * {@code head}, which must be the same object, {@linkplain FlatHead#reset() reset}, until a result other than
     * {@link HeadResult#NEED_MORE}. After a failure the parser must be {@linkplain #reset() reset}.
     */
    public HeadResult parse(ByteBuf in, FlatHead head) {
        throw new AssertionError("stub");
    }

    /** Whether no byte of a head has been taken since the last complete one. */
    public boolean isIdle() {
        throw new AssertionError("stub");
    }

    /** What was wrong, a constant sentence fit for the client; empty if nothing was. */
    public String detail() {
        throw new AssertionError("stub");
    }

    public void reset() {}
}
