package dev.slipstream.limit;

import dev.slipstream.config.KeyConfig;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Client keys by the SHA-256 of the key, which is all that is kept of them. The place in the table depends on the hash
 * alone and the hash is compared in constant time, so the time of a look-up tells nothing of a key. Immutable.
 */
public final class KeyTable {
    private static final int HASH_BYTES = 32;

    private static final class Entry {
        final byte[] sha256;
        final Principal principal;

        Entry(KeyConfig key) {
            this.sha256 = HexFormat.of().parseHex(key.sha256Hex());
            this.principal = new Principal(key.name());
        }
    }

    private final @Nullable Entry[] table;
    private final boolean open;

    private KeyTable(List<KeyConfig> keys) {
        this.open = keys.isEmpty();
        this.table = new Entry[Integer.highestOneBit(Math.max(4, keys.size() * 4))];
        for (KeyConfig key : keys) {
            Entry entry = new Entry(key);
            int slot = slot(entry.sha256);
            while (table[slot] != null) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = entry;
        }
    }

    public static KeyTable of(List<KeyConfig> keys) {
        return new KeyTable(keys);
    }

    /** Whether no keys are configured, so that none is asked for. */
    public boolean isOpen() {
        return open;
    }

    /** Whose key has this hash; null: nobody's. */
    public @Nullable Principal find(byte[] sha256) {
        assert sha256.length == HASH_BYTES;
        int slot = slot(sha256);
        for (Entry entry = table[slot]; entry != null; entry = table[slot]) {
            if (MessageDigest.isEqual(entry.sha256, sha256)) {
                return entry.principal;
            }
            slot = slot + 1 & table.length - 1;
        }
        return null;
    }

    private int slot(byte[] sha256) {
        int hash = (sha256[0] << 24) | ((sha256[1] & 0xff) << 16) | ((sha256[2] & 0xff) << 8) | (sha256[3] & 0xff);
        return hash & table.length - 1;
    }
}
