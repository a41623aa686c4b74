package dev.slipstream.codec.json;

/** What {@link JsonFieldScanner} thinks of the body so far. */
public enum JsonStatus {
    /** Valid so far; the document is not complete. */
    MORE,
    /** The top-level object is closed; blanks alone may follow. */
    COMPLETE,
    /** Not JSON by RFC 8259, or the top level is no object, or bytes follow it. */
    INVALID,
    /** Nested deeper than the limit. */
    TOO_DEEP,
    /** A second top-level {@code model}, however spelled. */
    DUPLICATE_MODEL
}
