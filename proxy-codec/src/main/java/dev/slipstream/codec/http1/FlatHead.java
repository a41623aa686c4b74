package dev.slipstream.codec.http1;

/**
 * A parsed HTTP/1.1 head: one byte array and int offsets into it, reused from message to message. No
 * String and no object per field. Field names are lower-cased in place. Confined to its owner.
 */
public final class FlatHead {
    /** The bytes the offsets point into; valid until {@link #reset()}. */
    public byte[] array() {
        throw new AssertionError("stub");
    }

    /** Request: the method, or {@link HttpMethod#OTHER}. */
    public HttpMethod method() {
        throw new AssertionError("stub");
    }

    /** Request: start of the target in {@link #array()}, as it was sent (origin-form, absolute-form or {@code *}). */
    public int targetStart() {
        throw new AssertionError("stub");
    }

    public int targetEnd() {
        throw new AssertionError("stub");
    }

    /** Response: 100 to 599. */
    public int status() {
        throw new AssertionError("stub");
    }

    /** The minor version: 0 or 1. */
    public int minorVersion() {
        throw new AssertionError("stub");
    }

    public int fieldCount() {
        throw new AssertionError("stub");
    }

    /** The field's name if it is one of those we know, else {@link HeaderName#OTHER}. */
    public HeaderName name(int field) {
        throw new AssertionError("stub");
    }

    public int nameStart(int field) {
        throw new AssertionError("stub");
    }

    public int nameEnd(int field) {
        throw new AssertionError("stub");
    }

    /** Start of the value without surrounding blanks. */
    public int valueStart(int field) {
        throw new AssertionError("stub");
    }

    public int valueEnd(int field) {
        throw new AssertionError("stub");
    }

    /** The first field of that name, or -1. Constant time where there is none. */
    public int find(HeaderName name) {
        throw new AssertionError("stub");
    }

    /** The next field of that name behind {@code field}, or -1. */
    public int findNext(HeaderName name, int field) {
        throw new AssertionError("stub");
    }

    /** Whether a {@code connection} field of this head names {@code field} (RFC 9110 §7.6.1). */
    public boolean isNominatedByConnection(int field) {
        throw new AssertionError("stub");
    }

    /** Request: the body's framing. */
    public BodyFraming requestFraming() {
        throw new AssertionError("stub");
    }

    /** Response: the body's framing, given whether the request was HEAD. */
    public BodyFraming responseFraming(boolean toHead) {
        throw new AssertionError("stub");
    }

    /** The declared length, or -1. */
    public long contentLength() {
        throw new AssertionError("stub");
    }

    /** Whether the connection may carry another message after this one (RFC 9112 §9.3). */
    public boolean keepAlive() {
        throw new AssertionError("stub");
    }

    /** Forgets everything; keeps the arrays unless they have grown large. */
    public void reset() {}
}
