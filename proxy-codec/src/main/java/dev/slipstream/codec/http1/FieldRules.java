package dev.slipstream.codec.http1;

import dev.slipstream.codec.bytes.AsciiBytes;

/** What the values of the fields must look like that decide where a message ends or whom it is for. */
final class FieldRules {
    /** Digits of a content-length that always fit a long. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private static final int MAX_PORT_DIGITS = 5;
    private static final byte[] CHUNKED = Octets.ascii("chunked");
    private static final byte[] HTTP = Octets.ascii("http://");
    private static final byte[] HTTPS = Octets.ascii("https://");

    private FieldRules() {}

    /** The content-length in the range, 1 to 18 digits (RFC 9110 §8.6), or -1. Leading zeros are dropped. */
    static long contentLength(byte[] bytes, int from, int to) {
        if (to == from || to - from > MAX_LENGTH_DIGITS) {
            return -1;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            if (!AsciiBytes.isDigit(bytes[i])) {
                return -1;
            }
            length = length * 10 + (bytes[i] - '0');
        }
        return length;
    }

    /**
     * What a transfer-encoding means: COMPLETE for {@code chunked} and nothing else, CODING for another list of bare
     * codings, BAD for all that is not one and for chunked before the end of the list (RFC 9112 §6.1 and §7).
     */
    static HeadResult transferEncoding(byte[] bytes, int from, int to) {
        if (AsciiBytes.equalsIgnoreCase(bytes, from, to, CHUNKED)) {
            return HeadResult.COMPLETE;
        }
        if (!TokenList.isOfTokens(bytes, from, to)) {
            return HeadResult.BAD;
        }
        int lastComma = to - 1;
        while (lastComma > from && bytes[lastComma] != ',') {
            lastComma--;
        }
        return TokenList.contains(bytes, from, lastComma, CHUNKED, 0, CHUNKED.length)
                ? HeadResult.BAD
                : HeadResult.CODING;
    }

    /**
     * Whether the range is {@code host} or {@code host:port} (RFC 9112 §3.2) with a host that is a name, an IPv4
     * address or something in brackets. Stricter than RFC 3986: no sub-delimiters (among them the comma, which would
     * be a list), and never empty, since an http URI has a host (RFC 9110 §4.2.1).
     */
    static boolean isHost(byte[] bytes, int from, int to) {
        int i = from;
        if (i < to && bytes[i] == '[') {
            i++;
            while (i < to && (Octets.isHost(bytes[i]) || bytes[i] == ':')) {
                i++;
            }
            if (i == to || bytes[i] != ']' || i == from + 1) {
                return false;
            }
            i++;
        } else {
            while (i < to && Octets.isHost(bytes[i])) {
                i++;
            }
        }
        if (i == from) {
            return false;
        }
        return i == to || (bytes[i] == ':' && isPort(bytes, i + 1, to));
    }

    /** RFC 3986 lets the digits be none. */
    private static boolean isPort(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!AsciiBytes.isDigit(bytes[i])) {
                return false;
            }
        }
        return to - from <= MAX_PORT_DIGITS;
    }

    /**
     * Whether the range, all of it target bytes, is in origin-form or in absolute-form with the scheme http or https
     * (RFC 9112 §3.2.1 and §3.2.2). User information in the authority is refused (RFC 9110 §4.2.4).
     */
    static boolean isTarget(byte[] bytes, int from, int to) {
        if (from < to && bytes[from] == '/') {
            return true;
        }
        int authority;
        if (AsciiBytes.startsWithIgnoreCase(bytes, from, to, HTTP)) {
            authority = from + HTTP.length;
        } else if (AsciiBytes.startsWithIgnoreCase(bytes, from, to, HTTPS)) {
            authority = from + HTTPS.length;
        } else {
            return false;
        }
        int end = authority;
        while (end < to && bytes[end] != '/' && bytes[end] != '?') {
            end++;
        }
        return isHost(bytes, authority, end);
    }
}
