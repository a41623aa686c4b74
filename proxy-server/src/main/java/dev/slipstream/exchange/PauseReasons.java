package dev.slipstream.exchange;

/**
 * Why the body of a request is not read further: bits of one int, read only when none is set. Each bit is set and
 * cleared by one party alone.
 */
public final class PauseReasons {
    /** A stage has suspended the exchange and will resume it. Set by that stage. */
    public static final int STAGE = 1;

    /** The provider takes the body more slowly than the client sends it. Set by the attempt. */
    public static final int UPSTREAM_SLOW = 1 << 1;

    /** There is no connection to send the body on yet, and as much is held as may be. Set by dispatch. */
    public static final int NO_STREAM = 1 << 2;

    private PauseReasons() {}
}
