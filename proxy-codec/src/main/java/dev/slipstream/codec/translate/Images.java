package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.*;

public final class Images {
    public static boolean in(JsonTree r) {
        return false;
    }
}
