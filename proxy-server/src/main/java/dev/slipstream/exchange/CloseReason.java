package dev.slipstream.exchange;

/** Why an exchange ended. */
public enum CloseReason {
    /** The answer was written to its end. */
    ANSWERED,
    /** The client's connection ended first. */
    CLIENT_LEFT,
    /** The answer was broken off. */
    BROKEN
}
