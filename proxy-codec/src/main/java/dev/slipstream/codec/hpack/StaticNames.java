package dev.slipstream.codec.hpack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The names of the static table (RFC 7541 appendix A), found by their bytes. */
final class StaticNames {
    /** By index less one; a name that stands there more than once is found at its first place. */
    private static final String[] NAMES = {
        ":authority",
        ":method",
        ":method",
        ":path",
        ":path",
        ":scheme",
        ":scheme",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "link",
        "location",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "refresh",
        "retry-after",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
        "www-authenticate",
    };

    /** Entries of the static table; the dynamic one begins behind them. */
    static final int COUNT = NAMES.length;

    private static final int SLOTS = 256;
    private static final byte[][] BYTES = new byte[NAMES.length][];
    /** By hash, with the next slot tried where one is taken: the index, or 0. */
    private static final byte[] TABLE = new byte[SLOTS];

    static {
        for (int i = 0; i < NAMES.length; i++) {
            BYTES[i] = NAMES[i].getBytes(StandardCharsets.US_ASCII);
            if (index(BYTES[i], 0, BYTES[i].length) == 0) {
                int slot = slot(BYTES[i], 0, BYTES[i].length);
                while (TABLE[slot] != 0) {
                    slot = (slot + 1) % SLOTS;
                }
                TABLE[slot] = (byte) (i + 1);
            }
        }
    }

    private StaticNames() {}

    /** The index of the name in the range, or 0. */
    static int index(byte[] array, int from, int to) {
        int slot = slot(array, from, to);
        while (TABLE[slot] != 0) {
            byte[] name = BYTES[TABLE[slot] - 1];
            if (Arrays.equals(name, 0, name.length, array, from, to)) {
                return TABLE[slot];
            }
            slot = (slot + 1) % SLOTS;
        }
        return 0;
    }

    private static int slot(byte[] array, int from, int to) {
        if (from == to) {
            return 0;
        }
        int key = array[from] * 31 + array[to - 1];
        key = key * 31 + array[(from + to) >>> 1];
        return (key * 31 + (to - from)) & (SLOTS - 1);
    }
}
