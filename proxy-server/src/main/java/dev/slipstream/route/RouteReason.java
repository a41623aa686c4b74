package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Why a target was chosen: the value of {@code x-slipstream-model-reason}. */
public enum RouteReason {
    EXACT("exact"),
    ALIAS("alias"),
    WILDCARD("wildcard"),
    VISION("vision"),
    FALLBACK("fallback");

    @SuppressWarnings("ImmutableEnumChecker") // never written
    private final byte[] bytes;

    RouteReason(String label) {
        this.bytes = label.getBytes(US_ASCII);
    }

    /** The value's bytes; not to be changed. */
    @SuppressWarnings("MutableGetter")
    public byte[] bytes() {
        return bytes;
    }
}
