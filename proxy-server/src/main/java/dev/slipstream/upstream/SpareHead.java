package dev.slipstream.upstream;

import dev.slipstream.codec.http1.FlatHead;
import org.jspecify.annotations.Nullable;

/**
 * The head that a pool's HTTP/1.1 connections read the heads of answers into, one after another. Nobody needs it behind
 * the call that tells of it, so that thousands of open streams keep none. A head that comes in pieces keeps its own
 * until it is whole; whoever asks meanwhile gets another. Confined to the pool's loop.
 */
final class SpareHead {
    private @Nullable FlatHead spare;

    /** Returns owned: an empty head. */
    FlatHead take() {
        FlatHead taken = spare;
        spare = null;
        return taken == null ? new FlatHead() : taken;
    }

    /** Consumes {@code head}; one is kept. */
    void giveBack(FlatHead head) {
        head.reset();
        spare = head;
    }
}
