package dev.slipstream.bench.macro;

import java.io.IOException;
import java.util.SplittableRandom;

/** A kind of client. */
interface StormRole {
    String name();

    /**
     * One life of such a client, of a few seconds at most.
     *
     * @throws IOException if the proxy did what it must not do to this kind of client
     */
    void live(SplittableRandom random) throws IOException;

    /** Whether {@code e} may happen to this kind of client. */
    default boolean mayFail(Exception e) {
        return false;
    }
}
