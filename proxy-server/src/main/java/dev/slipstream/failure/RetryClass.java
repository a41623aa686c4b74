package dev.slipstream.failure;

/** When an attempt that failed may be followed by another, provided the whole body can be sent again. */
public enum RetryClass {
    /** Not at all. */
    NEVER,
    /** If no byte of the request was handed to the socket. */
    NOTHING_SENT,
    /** As {@link #NOTHING_SENT}, and once if a reused connection ended without a byte of an answer. */
    REUSED_WITHOUT_ANSWER
}
