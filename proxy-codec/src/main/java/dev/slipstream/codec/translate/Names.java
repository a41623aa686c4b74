package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Keys and values of both dialects that more than one direction reads. */
final class Names {
    static final byte[] ERROR = ascii("error");

    private Names() {}

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
