package dev.slipstream.config;

/**
 * The admin listener.
 *
 * @param token the bearer token a caller must send; empty: none is asked for
 */
public record AdminConfig(HostPort address, String token) {
    /** Leaves the token out. */
    @Override
    public String toString() {
        return "AdminConfig[address=" + address + "]";
    }
}
