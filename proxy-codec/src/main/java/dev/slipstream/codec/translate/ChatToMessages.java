package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.*;

public final class ChatToMessages {
    public boolean translate(
            JsonTree in, ProviderTraits to, byte[] modelJson, JsonOutput out, TranslatedRequest request) {
        return false;
    }
}
