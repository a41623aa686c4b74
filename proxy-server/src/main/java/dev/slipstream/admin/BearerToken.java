package dev.slipstream.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * The token callers must send. Kept and compared as SHA-256, so that neither the time of a comparison nor a heap dump
 * tells anything of it.
 */
final class BearerToken {
    private static final String SCHEME = "Bearer ";

    /** Null: none is asked for. */
    private final byte @Nullable [] digest;

    BearerToken(String token) {
        digest = token.isEmpty() ? null : sha256(token);
    }

    /** Whether an {@code Authorization} header of this value may pass; the scheme is case-insensitive (RFC 9110 §11.1). */
    boolean accepts(@Nullable String authorization) {
        if (digest == null) {
            return true;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        return MessageDigest.isEqual(
                digest, sha256(authorization.substring(SCHEME.length()).strip()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
