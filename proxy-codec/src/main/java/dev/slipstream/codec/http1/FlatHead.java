package dev.slipstream.codec.http1;

import java.util.Arrays;

/**
 * A parsed HTTP/1.1 head: one byte array and int offsets into it, reused from message to message. No
 * String and no object per field. Field names are lower-cased in place. Confined to its owner.
 *
 * <p>{@link HeadParser} fills it, or {@link HeadBuilder} from fields that did not come as text. What the accessors say
 * is settled once either has said {@link HeadResult#COMPLETE}; before that, and after a failure, they tell what was read
 * so far.
 */
public final class FlatHead {
    /** Enough for a plain client; a larger head makes the arrays grow once, and they stay grown. */
    private static final int INITIAL_BYTES = 512;

    private static final int INITIAL_FIELDS = 16;
    /** Arrays larger than these are given back by {@link #reset()}: one long head must not cost memory for ever. */
    private static final int MAX_KEPT_BYTES = 16 * 1024;

    private static final int MAX_KEPT_FIELDS = 128;

    /** Offsets per field: start and end of the name, start and end of the value. */
    private static final int STRIDE = 4;

    private static final byte[] CLOSE = Octets.ascii("close");
    private static final byte[] KEEP_ALIVE = Octets.ascii("keep-alive");

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int[] offsets = new int[INITIAL_FIELDS * STRIDE];
    /** By field: the index of its {@link HeaderName}. */
    private byte[] names = new byte[INITIAL_FIELDS];

    private int length;
    private int fieldCount;
    /** A bit per {@link HeaderName}, so that what is absent, the usual case, is not searched for. */
    private long present;

    private HttpMethod method = HttpMethod.OTHER;
    private int targetStart;
    private int targetEnd;
    private int status;
    private int minorVersion = 1;
    private long contentLength = -1;
    private boolean chunked;

    /** The bytes the offsets point into; valid until {@link #reset()}. */
    public byte[] array() {
        return bytes;
    }

    /** Request: the method, or {@link HttpMethod#OTHER}. */
    public HttpMethod method() {
        return method;
    }

    /** Request: start of the target in {@link #array()}, as it was sent (origin-form or absolute-form). */
    public int targetStart() {
        return targetStart;
    }

    public int targetEnd() {
        return targetEnd;
    }

    /** Response: 100 to 599; 0 in a request. */
    public int status() {
        return status;
    }

    /** The minor version: 0 or 1. */
    public int minorVersion() {
        return minorVersion;
    }

    public int fieldCount() {
        return fieldCount;
    }

    /** The field's name if it is one of those we know, else {@link HeaderName#OTHER}. */
    public HeaderName name(int field) {
        return KnownNames.name(names[field]);
    }

    public int nameStart(int field) {
        return offsets[field * STRIDE];
    }

    public int nameEnd(int field) {
        return offsets[field * STRIDE + 1];
    }

    /** Start of the value without surrounding blanks. */
    public int valueStart(int field) {
        return offsets[field * STRIDE + 2];
    }

    public int valueEnd(int field) {
        return offsets[field * STRIDE + 3];
    }

    /** The first field of that name, or -1. Constant time where there is none. */
    public int find(HeaderName name) {
        return (present & name.bit()) == 0 ? -1 : findNext(name, -1);
    }

    /** The next field of that name behind {@code field}, or -1. */
    public int findNext(HeaderName name, int field) {
        int index = name.index();
        for (int i = field + 1; i < fieldCount; i++) {
            if (names[i] == index) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a {@code connection} field of this head names {@code field} (RFC 9110 §7.6.1). */
    public boolean isNominatedByConnection(int field) {
        return connectionNames(bytes, nameStart(field), nameEnd(field));
    }

    private boolean connectionNames(byte[] token, int from, int to) {
        int field = find(HeaderName.CONNECTION);
        while (field >= 0) {
            if (TokenList.contains(bytes, valueStart(field), valueEnd(field), token, from, to)) {
                return true;
            }
            field = findNext(HeaderName.CONNECTION, field);
        }
        return false;
    }

    /** Request: the body's framing. {@code content-length: 0} is {@link BodyFraming#LENGTH}. */
    public BodyFraming requestFraming() {
        return chunked ? BodyFraming.CHUNKED : contentLength >= 0 ? BodyFraming.LENGTH : BodyFraming.NONE;
    }

    /** Response: the body's framing, given whether the request was HEAD. */
    public BodyFraming responseFraming(boolean toHead) {
        if (toHead || !statusMayHaveBody()) {
            return BodyFraming.NONE;
        }
        return chunked ? BodyFraming.CHUNKED : contentLength >= 0 ? BodyFraming.LENGTH : BodyFraming.UNTIL_CLOSE;
    }

    private boolean statusMayHaveBody() {
        return status >= 200 && status != 204 && status != 304;
    }

    /** The declared length, or -1. */
    public long contentLength() {
        return contentLength;
    }

    /**
     * Whether the connection may carry another message after this one (RFC 9112 §9.3). A response's body must have
     * an end of its own for that: one without length and chunked is not kept alive, even if it answers HEAD (which a
     * head does not tell); nor is a 1xx or 204 that announces a body, since its sender may well send one.
     */
    public boolean keepAlive() {
        if (status != 0 && !endsByItself()) {
            return false;
        }
        if ((present & HeaderName.CONNECTION.bit()) == 0) {
            return minorVersion == 1;
        }
        return !connectionNames(CLOSE, 0, CLOSE.length)
                && (minorVersion == 1 || connectionNames(KEEP_ALIVE, 0, KEEP_ALIVE.length));
    }

    private boolean endsByItself() {
        if (status == 304) {
            return true;
        }
        return statusMayHaveBody() ? chunked || contentLength >= 0 : !chunked && contentLength <= 0;
    }

    /** Forgets everything; keeps the arrays unless they have grown large. */
    public void reset() {
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
        if (names.length > MAX_KEPT_FIELDS) {
            names = new byte[INITIAL_FIELDS];
            offsets = new int[INITIAL_FIELDS * STRIDE];
        }
        length = 0;
        fieldCount = 0;
        present = 0;
        method = HttpMethod.OTHER;
        targetStart = 0;
        targetEnd = 0;
        status = 0;
        minorVersion = 1;
        contentLength = -1;
        chunked = false;
    }

    // What follows is for the parser and the builder.

    /** Bytes of the head taken so far. */
    int length() {
        return length;
    }

    void length(int bytes) {
        length = bytes;
    }

    /** Makes room for {@code more} bytes behind those taken; the array may be another one afterwards. */
    void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** Makes room for more bytes, {@code limit} in all at most; the array is another one afterwards. */
    void grow(int limit) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(limit, bytes.length * 2L));
    }

    void request(HttpMethod method, int targetStart) {
        this.method = method;
        this.targetStart = targetStart;
    }

    void targetEnd(int end) {
        targetEnd = end;
    }

    void status(int code) {
        status = code;
    }

    void minorVersion(int minor) {
        minorVersion = minor;
    }

    void contentLength(long declared) {
        contentLength = declared;
    }

    void chunked(boolean declared) {
        chunked = declared;
    }

    boolean isChunked() {
        return chunked;
    }

    /** A bit per {@link HeaderName}. */
    long present() {
        return present;
    }

    /** Adds a field whose offsets are those given and whose name has that index. */
    void add(int index, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int field = fieldCount;
        if (field == names.length) {
            names = Arrays.copyOf(names, field * 2);
            offsets = Arrays.copyOf(offsets, field * 2 * STRIDE);
        }
        names[field] = (byte) index;
        int at = field * STRIDE;
        offsets[at] = nameStart;
        offsets[at + 1] = nameEnd;
        offsets[at + 2] = valueStart;
        offsets[at + 3] = valueEnd;
        present |= 1L << index;
        fieldCount = field + 1;
    }
}
