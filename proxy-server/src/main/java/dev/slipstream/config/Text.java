package dev.slipstream.config;

/** Text from outside, made fit for a message and checked for the wire. */
final class Text {
    private static final int SHOWN_CHARS = 120;

    private Text() {}

    /** Cut, and with {@code ?} for what could break out of a line of a log or a terminal. */
    static String shown(String text) {
        boolean isCut = text.length() > SHOWN_CHARS;
        StringBuilder shown = new StringBuilder(isCut ? text.substring(0, SHOWN_CHARS) : text);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (Character.isISOControl(c)
                    || c == '\u2028'
                    || c == '\u2029'
                    || Character.getType(c) == Character.FORMAT) {
                shown.setCharAt(i, '?');
            }
        }
        return isCut ? shown + "…" : shown.toString();
    }

    /** Whether every character is printable ASCII and no space. */
    static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** A field's name: {@code token} of RFC 9110 §5.6.2. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isAlphanumeric = isLetterOrDigit(c);
            if (!isAlphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** A field's value of RFC 9110 §5.5, without the obsolete bytes above ASCII. */
    static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c > '~') {
                return false;
            }
        }
        return text.equals(text.strip());
    }

    /** A name that appears in header values, labels and paths of settings. */
    static boolean isPlainName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 64;
    }

    static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
