package dev.slipstream.limit;

import dev.slipstream.config.KeyConfig;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Client keys by the SHA-256 of the key, which is all that is kept of them. The place in the table depends on the hash
 * alone. Every look-up makes the same number of comparisons, each in constant time, whether it finds a key or not: its
 * time tells neither how near a guess came nor which places are taken. Immutable.
 */
public final class KeyTable {
    private static final int HASH_BYTES = 32;
    private static final int LEAST_PLACES = 4;

    /** How two hashes are compared. */
    interface Comparison {
        boolean isEqual(byte[] one, byte[] other);
    }

    private static final class Entry {
        /** Fills the free places, so that there is something to compare with; no key is known that has this hash. */
        static final Entry NOBODY = new Entry(new byte[HASH_BYTES], null);

        final byte[] sha256;
        final @Nullable Principal principal;

        Entry(byte[] sha256, @Nullable Principal principal) {
            this.sha256 = sha256;
            this.principal = principal;
        }
    }

    private final Entry[] table;
    /** Comparisons of a look-up: as many as lie between the place of any key's hash and where that key stands. */
    private final int comparisons;

    private final Comparison comparison;
    private final boolean open;

    private KeyTable(List<KeyConfig> keys, Comparison comparison) {
        this.comparison = comparison;
        this.open = keys.isEmpty();
        this.table = new Entry[Integer.highestOneBit(Math.max(LEAST_PLACES, keys.size() * 4))];
        Arrays.fill(table, Entry.NOBODY);
        int most = 1;
        for (KeyConfig key : keys) {
            byte[] sha256 = HexFormat.of().parseHex(key.sha256Hex());
            int slot = slot(sha256);
            int needed = 1;
            while (table[slot] != Entry.NOBODY) {
                slot = slot + 1 & table.length - 1;
                needed++;
            }
            table[slot] = new Entry(sha256, new Principal(key.name()));
            most = Math.max(most, needed);
        }
        this.comparisons = most;
    }

    public static KeyTable of(List<KeyConfig> keys) {
        return new KeyTable(keys, MessageDigest::isEqual);
    }

    static KeyTable of(List<KeyConfig> keys, Comparison comparison) {
        return new KeyTable(keys, comparison);
    }

    /** Whether no keys are configured, so that none is asked for. */
    public boolean isOpen() {
        return open;
    }

    /** Whose key has this hash; null: nobody's. */
    public @Nullable Principal find(byte[] sha256) {
        assert sha256.length == HASH_BYTES;
        int slot = slot(sha256);
        Principal found = null;
        for (int i = 0; i < comparisons; i++) {
            Entry entry = table[slot + i & table.length - 1];
            // No early exit.
            if (comparison.isEqual(entry.sha256, sha256)) {
                found = entry.principal;
            }
        }
        return found;
    }

    /** How many comparisons any look-up makes. */
    int comparisons() {
        return comparisons;
    }

    private int slot(byte[] sha256) {
        int hash = (sha256[0] << 24) | ((sha256[1] & 0xff) << 16) | ((sha256[2] & 0xff) << 8) | (sha256[3] & 0xff);
        return hash & table.length - 1;
    }
}
