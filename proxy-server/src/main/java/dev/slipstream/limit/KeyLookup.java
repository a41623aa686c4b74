package dev.slipstream.limit;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Looks keys up by their SHA-256: one digest over all of the key, then {@link KeyTable#find}. Nothing of the key itself
 * is ever compared, so the work depends on its length alone. Confined to one thread.
 */
public final class KeyLookup {
    private static final int HASH_BYTES = 32;

    private final MessageDigest sha256;
    private final byte[] hash = new byte[HASH_BYTES];

    public KeyLookup() {
        this(sha256());
    }

    KeyLookup(MessageDigest sha256) {
        this.sha256 = sha256;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whose key {@code array} holds from {@code start} to {@code end}, exclusive; null: nobody's. */
    public @Nullable Principal find(KeyTable keys, byte[] array, int start, int end) {
        sha256.update(array, start, end - start);
        try {
            sha256.digest(hash, 0, HASH_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 fits 32 bytes", e);
        }
        return keys.find(hash);
    }
}
