package dev.slipstream.codec.tokens;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.*;

public final class TokenEstimate {
    public static long of(JsonTree r, Dialect d) {
        return 1;
    }
}
