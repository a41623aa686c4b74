package dev.slipstream.codec.http1;

import dev.slipstream.codec.bytes.AsciiBytes;

/** Comma-separated lists in field values (RFC 9110 §5.6.1). */
final class TokenList {
    private TokenList() {}

    /** Whether an element of the list in the range equals, in any case, the lower-case token of the second range. */
    static boolean contains(byte[] bytes, int from, int to, byte[] token, int tokenFrom, int tokenTo) {
        int start = from;
        while (start < to) {
            int comma = comma(bytes, start, to);
            int first = Octets.skipBlanks(bytes, start, comma);
            int last = Octets.trimBlanks(bytes, first, comma);
            if (AsciiBytes.equalsIgnoreCase(bytes, first, last, token, tokenFrom, tokenTo)) {
                return true;
            }
            start = comma + 1;
        }
        return false;
    }

    /** Whether the range is a list of one or more bare tokens, without parameters and empty elements. */
    static boolean isOfTokens(byte[] bytes, int from, int to) {
        int start = from;
        while (start <= to) {
            int comma = comma(bytes, start, to);
            int first = Octets.skipBlanks(bytes, start, comma);
            int last = Octets.trimBlanks(bytes, first, comma);
            if (first == last) {
                return false;
            }
            for (int i = first; i < last; i++) {
                if (!Octets.isToken(bytes[i])) {
                    return false;
                }
            }
            start = comma + 1;
        }
        return true;
    }

    private static int comma(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != ',') {
            i++;
        }
        return i;
    }
}
