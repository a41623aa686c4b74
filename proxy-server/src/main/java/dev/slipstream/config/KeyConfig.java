package dev.slipstream.config;

/**
 * A client key, kept as its hash alone.
 *
 * @param name what logs and metrics call it
 * @param sha256Hex the key's SHA-256, 64 lower-case hex digits
 */
public record KeyConfig(String name, String sha256Hex) {
    /** Leaves the hash out. */
    @Override
    public String toString() {
        return "KeyConfig[name=" + name + "]";
    }
}
