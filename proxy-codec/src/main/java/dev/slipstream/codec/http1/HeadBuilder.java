package dev.slipstream.codec.http1;

import dev.slipstream.codec.bytes.AsciiBytes;
import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * Fills a {@link FlatHead} with fields that did not come as text: those of HTTP/2. As strict as {@link HeadParser} is
 * about what would be read in two ways once it stands in a head of text. Confined to its owner.
 */
public final class HeadBuilder {
    private static final int MIN_STATUS = 100;
    private static final int MAX_STATUS = 599;

    /** What a field costs beside its name and value, where sizes are counted (RFC 9113 §6.5.2). */
    private static final int FIELD_OVERHEAD = 32;

    /** Colon, space, CR and LF. */
    private static final int LINE_BYTES = 4;

    /** Belong to one HTTP/1.1 connection and make a message of HTTP/2 malformed (RFC 9113 §8.2.2). */
    private static final long CONNECTION_FIELDS = HeaderName.CONNECTION.bit()
            | HeaderName.TRANSFER_ENCODING.bit()
            | HeaderName.KEEP_ALIVE.bit()
            | HeaderName.UPGRADE.bit();

    private static final AsciiString HOST_NAME = AsciiString.cached("host");
    private static final byte[] TRAILERS = Octets.ascii("trailers");

    private static final long REQUEST_RULED_FIELDS = HeaderName.HOST.bit() | HeaderName.TE.bit();

    private final int maxTargetBytes;
    private final int maxHeadBytes;
    private final int maxFields;
    private boolean ofRequest;
    private FlatHead head = new FlatHead();
    private int bytes;
    private String detail = "";

    /**
     * Of responses.
     *
     * @param maxHeadBytes the most that names and values may have together, each field with 32 bytes more
     * @param maxFields the most fields there may be
     */
    public HeadBuilder(int maxHeadBytes, int maxFields) {
        this(maxHeadBytes, maxHeadBytes, maxFields);
    }

    /**
     * Of requests and responses.
     *
     * @param maxTargetBytes the most that a request's target may have
     * @param maxHeadBytes the most that names and values may have together, each field with 32 bytes more
     * @param maxFields the most fields there may be
     */
    public HeadBuilder(int maxTargetBytes, int maxHeadBytes, int maxFields) {
        this.maxTargetBytes = Math.min(maxTargetBytes, maxHeadBytes);
        this.maxHeadBytes = maxHeadBytes;
        this.maxFields = maxFields;
    }

    /** Begins a response in {@code head}, which has been reset; {@link HeadResult#BAD} if there is no such status. */
    public HeadResult beginResponse(FlatHead head, int status) {
        begin(head, false);
        if (status < MIN_STATUS || status > MAX_STATUS) {
            return fail(HeadResult.BAD, "malformed status");
        }
        head.status(status);
        return HeadResult.COMPLETE;
    }

    /**
     * Begins a request in {@code head}, which has been reset. What an HTTP/1.1 request line could not carry is
     * {@link HeadResult#BAD}: nobody behind us may read it in two ways.
     *
     * @param authority empty where there was none; it becomes the field {@code host}
     */
    public HeadResult beginRequest(FlatHead head, CharSequence method, CharSequence target, CharSequence authority) {
        begin(head, true);
        int methodLength = method.length();
        int targetLength = target.length();
        bytes = methodLength + targetLength + 2 * FIELD_OVERHEAD;
        if (targetLength > maxTargetBytes) {
            return fail(HeadResult.TARGET_TOO_LONG, "the request target is too long");
        }
        if (methodLength == 0 || methodLength > HeadParser.MAX_METHOD_BYTES) {
            return fail(HeadResult.BAD, "malformed method");
        }
        head.reserve(methodLength + targetLength + 1);
        byte[] array = head.array();
        copy(method, array, 0);
        array[methodLength] = Octets.SP;
        int targetStart = methodLength + 1;
        int targetEnd = targetStart + targetLength;
        copy(target, array, targetStart);
        for (int i = 0; i < methodLength; i++) {
            if (!Octets.isToken(array[i])) {
                return fail(HeadResult.BAD, "malformed method");
            }
        }
        for (int i = targetStart; i < targetEnd; i++) {
            if (!Octets.isTarget(array[i])) {
                return fail(HeadResult.BAD, "a character that is not allowed in the request target");
            }
        }
        if (targetLength == 0 || array[targetStart] != '/') {
            return fail(HeadResult.BAD, "the request target must be a path");
        }
        head.request(HttpMethod.of(array, 0, methodLength), targetStart);
        head.targetEnd(targetEnd);
        head.length(targetEnd);
        return authority.length() == 0 ? HeadResult.COMPLETE : add(HOST_NAME, authority);
    }

    /** Says whether the request is whole: it is for somebody. */
    public HeadResult endRequest() {
        return (head.present() & HeaderName.HOST.bit()) == 0
                ? fail(HeadResult.BAD, "no host, and no authority")
                : HeadResult.COMPLETE;
    }

    private void begin(FlatHead head, boolean ofRequest) {
        this.head = head;
        this.ofRequest = ofRequest;
        bytes = 0;
        detail = "";
    }

    /** Adds a field; {@link HeadResult#COMPLETE} says that it is in. */
    public HeadResult add(CharSequence name, CharSequence value) {
        int nameLength = name.length();
        int valueLength = value.length();
        bytes += nameLength + valueLength + FIELD_OVERHEAD;
        if (bytes > maxHeadBytes) {
            return fail(HeadResult.TOO_LARGE, "the head is too large");
        }
        if (head.fieldCount() == maxFields) {
            return fail(HeadResult.TOO_LARGE, "too many fields");
        }
        head.reserve(nameLength + valueLength + LINE_BYTES);
        int nameStart = head.length();
        int nameEnd = nameStart + nameLength;
        int valueStart = nameEnd + 2;
        int valueEnd = valueStart + valueLength;
        byte[] array = head.array();
        // As a line of text: whoever copies it into one can take it whole.
        copy(name, array, nameStart);
        array[nameEnd] = ':';
        array[nameEnd + 1] = Octets.SP;
        copy(value, array, valueStart);
        array[valueEnd] = Octets.CR;
        array[valueEnd + 1] = Octets.LF;
        head.length(valueEnd + 2);
        if (!isLowerToken(array, nameStart, nameEnd)) {
            return fail(HeadResult.BAD, "malformed field name");
        }
        if (Octets.endOfValue(array, valueStart, valueEnd) != valueEnd) {
            return fail(HeadResult.BAD, "a control character in a field value");
        }
        int from = Octets.skipBlanks(array, valueStart, valueEnd);
        int to = Octets.trimBlanks(array, from, valueEnd);
        int index = KnownNames.index(array, nameStart, nameEnd);
        long bit = 1L << index;
        if ((bit & CONNECTION_FIELDS) != 0) {
            return fail(HeadResult.BAD, "a field that belongs to an HTTP/1.1 connection");
        }
        if (bit == HeaderName.CONTENT_LENGTH.bit()) {
            long length = (head.present() & bit) != 0 ? -1 : FieldRules.contentLength(array, from, to);
            if (length < 0) {
                return fail(HeadResult.BAD, "malformed content-length");
            }
            head.contentLength(length);
        }
        if (ofRequest && (bit & REQUEST_RULED_FIELDS) != 0) {
            boolean again = (head.present() & HeaderName.HOST.bit()) != 0;
            if (bit == HeaderName.HOST.bit()) {
                if (again && isSameHost(array, from, to)) {
                    // Said twice, which is allowed; kept once.
                    head.length(nameStart);
                    return HeadResult.COMPLETE;
                }
                if (again || !FieldRules.isHost(array, from, to)) {
                    return fail(HeadResult.BAD, again ? "host and authority differ" : "malformed host");
                }
            } else if (!AsciiBytes.equalsIgnoreCase(array, from, to, TRAILERS)) {
                return fail(HeadResult.BAD, "te other than trailers");
            }
        }
        head.add(index, nameStart, nameEnd, from, to);
        return HeadResult.COMPLETE;
    }

    private boolean isSameHost(byte[] array, int from, int to) {
        int first = head.find(HeaderName.HOST);
        return Arrays.equals(array, from, to, array, head.valueStart(first), head.valueEnd(first));
    }

    /** What was wrong, a constant sentence; empty if nothing was. */
    public String detail() {
        return detail;
    }

    private HeadResult fail(HeadResult result, String sentence) {
        detail = sentence;
        return result;
    }

    private static void copy(CharSequence text, byte[] to, int at) {
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), to, at, ascii.length());
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // What is no byte must not become one that is harmless.
            to[at + i] = c > 0xFF ? 0 : (byte) c;
        }
    }

    private static boolean isLowerToken(byte[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            if (array[i] == 0 || Octets.tokenLower(array[i]) != array[i]) {
                return false;
            }
        }
        return to > from;
    }
}
