package dev.slipstream.codec.http1;

import dev.slipstream.codec.bytes.AsciiBytes;
import java.util.Arrays;

/** Finds the {@link HeaderName} of a lower-case name: one look into a table without collisions, one comparison. */
final class KnownNames {
    private static final int BITS = 8;
    private static final int MAX_SEEDS = 100_000;

    private static final HeaderName[] NAMES = HeaderName.values();
    /** By index. */
    private static final byte[][] TEXTS = new byte[NAMES.length][];
    /** By hash: the index, that of {@link HeaderName#OTHER} where there is none. */
    private static final byte[] TABLE = new byte[1 << BITS];

    private static final int SEED;

    static {
        for (HeaderName name : NAMES) {
            TEXTS[name.index()] = Octets.ascii(name.text());
        }
        int seed = 0x9E3779B1;
        int tried = 0;
        while (!fill(seed)) {
            if (++tried == MAX_SEEDS) {
                throw new IllegalStateException("two known field names agree in all that their hash looks at");
            }
            seed += 0x7F4A7C16;
        }
        SEED = seed;
    }

    private KnownNames() {}

    private static boolean fill(int seed) {
        Arrays.fill(TABLE, (byte) HeaderName.OTHER.index());
        for (HeaderName name : NAMES) {
            if (name == HeaderName.OTHER) {
                continue;
            }
            byte[] text = TEXTS[name.index()];
            int slot = slot(text, 0, text.length, seed);
            if (TABLE[slot] != HeaderName.OTHER.index()) {
                return false;
            }
            TABLE[slot] = (byte) name.index();
        }
        return true;
    }

    /** The index of the name in the range, which is lower case and not empty. */
    static int index(byte[] bytes, int from, int to) {
        int index = TABLE[slot(bytes, from, to, SEED)];
        return AsciiBytes.equals(bytes, from, to, TEXTS[index]) ? index : HeaderName.OTHER.index();
    }

    static HeaderName name(int index) {
        return NAMES[index];
    }

    private static int slot(byte[] bytes, int from, int to, int seed) {
        int length = to - from;
        int key = bytes[from] | bytes[to - 1] << 8 | bytes[from + (length >> 1)] << 16 | length << 24;
        return (key * seed) >>> -BITS;
    }
}
