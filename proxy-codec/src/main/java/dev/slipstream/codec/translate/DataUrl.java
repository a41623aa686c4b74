package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonTree;
import java.util.Locale;

/**
 * A {@code data:} URL in a JSON string (RFC 2397), base64 and no other: cut at its comma, and not decoded, for what
 * follows may be megabytes. Reused.
 */
final class DataUrl {
    /** More than any media type needs, each of its characters escaped. */
    private static final int MAX_HEAD_BYTES = 512;

    private static final String SCHEME = "data:";
    private static final String BASE64 = ";base64";

    private String mediaType = "";
    private int start;
    private int end;

    /** Reads one; false where it is not base64 or says no type. */
    boolean read(JsonTree in, int string) {
        int from = in.start(string) + 1;
        int to = in.end(string) - 1;
        int comma = from;
        int last = Math.min(to, from + MAX_HEAD_BYTES);
        while (comma < last && in.text()[comma] != ',') {
            comma++;
        }
        if (comma == last || comma + 1 == to) {
            return false;
        }
        String head = in.string(from, comma).toLowerCase(Locale.ROOT);
        if (!head.startsWith(SCHEME) || !head.endsWith(BASE64)) {
            return false;
        }
        mediaType = head.substring(SCHEME.length(), head.indexOf(';')).strip();
        start = comma + 1;
        end = to;
        return !mediaType.isEmpty();
    }

    /** The type, in lower case. */
    String mediaType() {
        return mediaType;
    }

    /** Where the base64 begins in the text. */
    int start() {
        return start;
    }

    /** Where the base64 ends in the text. */
    int end() {
        return end;
    }
}
