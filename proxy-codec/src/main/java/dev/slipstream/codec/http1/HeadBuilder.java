package dev.slipstream.codec.http1;

import io.netty.util.AsciiString;

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

    private final int maxHeadBytes;
    private final int maxFields;
    private FlatHead head = new FlatHead();
    private int bytes;
    private String detail = "";

    /**
     * @param maxHeadBytes the most that names and values may have together, each field with 32 bytes more
     * @param maxFields the most fields there may be
     */
    public HeadBuilder(int maxHeadBytes, int maxFields) {
        this.maxHeadBytes = maxHeadBytes;
        this.maxFields = maxFields;
    }

    /** Begins a response in {@code head}, which has been reset; {@link HeadResult#BAD} if there is no such status. */
    public HeadResult beginResponse(FlatHead head, int status) {
        this.head = head;
        bytes = 0;
        detail = "";
        if (status < MIN_STATUS || status > MAX_STATUS) {
            return fail(HeadResult.BAD, "malformed status");
        }
        head.status(status);
        return HeadResult.COMPLETE;
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
        head.add(index, nameStart, nameEnd, from, to);
        return HeadResult.COMPLETE;
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
