package dev.slipstream.codec.translate;

/** End-user ids that a provider does not take: too long, or of other characters. */
final class UserIds {
    private static final String PREFIX = "user_";
    private static final int HASH_CHARS = 32;

    private UserIds() {}

    /** An id that stands for {@code id}, always the same, of at most {@code maxChars} characters; 0: as many as it needs. */
    static String substitute(String id, int maxChars) {
        String substitute = PREFIX + Fingerprint.hex(id, HASH_CHARS);
        return maxChars > 0 && maxChars < substitute.length() ? substitute.substring(0, maxChars) : substitute;
    }

    /** {@code id} of letters, digits, dashes and underscores; an address of mail is not told. */
    static String anthropic(String id, int maxChars) {
        if (id.length() > maxChars || id.indexOf('@') >= 0) {
            return substitute(id, maxChars);
        }
        StringBuilder plain = new StringBuilder(id);
        for (int i = 0; i < id.length(); i++) {
            if (!ToolIds.isPlain(id.charAt(i))) {
                plain.setCharAt(i, '_');
            }
        }
        return plain.toString();
    }
}
