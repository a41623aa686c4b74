package dev.slipstream.codec.translate;

import dev.slipstream.codec.translate.ProviderTraits.Vendor;

/**
 * Ids of tool calls that the other side does not take, written otherwise: always alike, for a call and for its result,
 * in this request and in the next.
 */
final class ToolIds {
    /** Seen from OpenAI: a longer one is refused with a 400. */
    private static final int OPENAI_MAX_CHARS = 40;

    private static final int MISTRAL_CHARS = 9;
    /** No limit of Anthropic's is known; this keeps a made-up one readable. */
    private static final int ANTHROPIC_MAX_CHARS = 128;

    private static final int HASH_CHARS = 12;

    private ToolIds() {}

    /** As Anthropic takes it: {@code ^[a-zA-Z0-9_-]+$}. */
    static String anthropic(String id) {
        return fitting(id, ANTHROPIC_MAX_CHARS);
    }

    /** As a provider of the OpenAI dialect takes it. */
    static String openAi(String id, Vendor vendor) {
        return switch (vendor) {
            case MISTRAL ->
                id.length() == MISTRAL_CHARS && isAlphanumeric(id) ? id : Fingerprint.alphanumeric(id, MISTRAL_CHARS);
            case OPENAI -> fitting(id, OPENAI_MAX_CHARS);
            case ZAI, DEEPSEEK, ANTHROPIC, OTHER -> id;
        };
    }

    /** {@code text}, where it has letters, digits, dashes and underscores alone, and not too many; else one like it. */
    static String fitting(String text, int maxChars) {
        StringBuilder plain = null;
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                if (plain == null) {
                    plain = new StringBuilder(text);
                }
                plain.setCharAt(i, '_');
            }
        }
        if (plain == null && text.length() <= maxChars && !text.isEmpty()) {
            return text;
        }
        CharSequence shown = plain == null ? text : plain;
        int kept = Math.min(shown.length(), maxChars - HASH_CHARS - 1);
        return shown.subSequence(0, kept) + "_" + Fingerprint.hex(text, HASH_CHARS);
    }

    static boolean isPlain(int c) {
        return isAlphanumeric(c) || c == '_' || c == '-';
    }

    private static boolean isAlphanumeric(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isAlphanumeric(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
