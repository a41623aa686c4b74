package dev.slipstream.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Percent-decodes (RFC 3986 §2.1); a broken escape stays as it is. */
final class PercentDecoder {
    private PercentDecoder() {}

    /** A part of a path. */
    static String path(byte[] array, int start, int end) {
        return decode(array, start, end, false);
    }

    /** A name or a value of a query, where {@code +} is a blank. */
    static String query(byte[] array, int start, int end) {
        return decode(array, start, end, true);
    }

    private static String decode(byte[] array, int start, int end, boolean plusIsBlank) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
        for (int i = start; i < end; i++) {
            int high = array[i] == '%' && i + 2 < end ? Character.digit(array[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(array[i + 2], 16) : -1;
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(plusIsBlank && array[i] == '+' ? ' ' : array[i]);
            }
        }
        return out.toString(UTF_8);
    }
}
