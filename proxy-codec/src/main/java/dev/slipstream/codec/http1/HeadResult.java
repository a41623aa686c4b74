package dev.slipstream.codec.http1;

/** What a step of {@link HeadParser} came to. */
public enum HeadResult {
    /** All bytes were taken and the head is not complete. */
    NEED_MORE,
    /** The head is complete; bytes behind it were left in the buffer. */
    COMPLETE,
    /** Malformed, or a framing that may be read in two ways. 400. */
    BAD,
    /** The request target is longer than the limit. 414. */
    TARGET_TOO_LONG,
    /** More bytes or fields than the limits. 431. */
    TOO_LARGE,
    /** Neither HTTP/1.0 nor HTTP/1.1. 505. */
    VERSION,
    /** A transfer coding other than chunked. 501. */
    CODING
}
