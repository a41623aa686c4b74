package dev.slipstream.codec.tokens;

/**
 * Estimates the tokens of text from the kinds of its characters, in one pass over its bytes: about as the tokenizers of
 * today split it, words with the blank before them, three digits, two marks, a character of Chinese. No table of a
 * vocabulary: that is 200,000 entries, seconds to load, and a hundred times slower.
 *
 * <p>Counts are in sixteenths of a token: {@link #ONE} is a token.
 */
final class TextTokens {
    static final int ONE = 16;

    /** Letters of a word that are one token; of the rest so many are another. */
    private static final int WORD = 8;

    private static final int REST_OF_WORD = 5;
    private static final int CAPITALS = 3;
    private static final int DIGITS = 3;
    private static final int MARKS = 2;
    /** The same mark again and again, as in rulers. */
    private static final int SAME_MARKS = 8;

    /** A letter of two bytes: accented Latin, Greek, Cyrillic, Hebrew, Arabic. */
    private static final int TWO_BYTES = 5;
    /** A character of three bytes: Chinese, Japanese, Korean, Indic, typographic marks. */
    private static final int THREE_BYTES = 12;
    /** A character of four bytes: emoji. */
    private static final int FOUR_BYTES = 36;

    private static final byte LOWER = 0;
    private static final byte UPPER = 1;
    private static final byte DIGIT = 2;
    private static final byte MARK = 3;
    private static final byte BLANK = 4;
    private static final byte LINE = 5;
    private static final byte OTHER = 6;
    private static final byte[] KINDS = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            KINDS[c] = kind(c);
        }
    }

    private static byte kind(int c) {
        if (c >= 0x80) {
            return OTHER;
        }
        if (c >= 'a' && c <= 'z') {
            return LOWER;
        }
        if (c >= 'A' && c <= 'Z') {
            return UPPER;
        }
        if (c >= '0' && c <= '9') {
            return DIGIT;
        }
        if (c == '\n' || c == '\r') {
            return LINE;
        }
        return c <= ' ' ? BLANK : MARK;
    }

    private TextTokens() {}

    /**
     * Sixteenths of a token in {@code text[from, to)}.
     *
     * @param escaped whether it is the inside of a JSON string, whose escapes stand for characters; else a backslash is
     *     one
     */
    static long count(byte[] text, int from, int to, boolean escaped) {
        long count = 0;
        int i = from;
        while (i < to) {
            int start = i;
            byte first = text[i++];
            switch (KINDS[first & 0xFF]) {
                case UPPER, LOWER -> {
                    i = endOfWord(text, i, to);
                    count += word(text, start, i);
                }
                case DIGIT -> {
                    while (i < to && KINDS[text[i] & 0xFF] == DIGIT) {
                        i++;
                    }
                    count += ONE * (long) ((i - start + DIGITS - 1) / DIGITS);
                }
                case BLANK -> {
                    while (i < to && KINDS[text[i] & 0xFF] == BLANK) {
                        i++;
                    }
                    // One blank goes with the word behind it.
                    count += i - start == 1 ? 0 : ONE;
                }
                case LINE -> {
                    while (i < to && KINDS[text[i] & 0xFF] >= BLANK && text[i] >= 0) {
                        i++;
                    }
                    count += ONE;
                }
                case MARK -> {
                    if (escaped && first == '\\' && i < to) {
                        i = endOfEscape(text, i, to);
                        count += escape(text, start, i);
                    } else {
                        i = endOfMarks(text, i, to, escaped);
                        count += marks(text, start, i);
                    }
                }
                default -> count += character(first);
            }
        }
        return count;
    }

    /** Capitals and what follows them in small letters, or small letters alone. */
    private static int endOfWord(byte[] text, int from, int to) {
        int i = from;
        if (KINDS[text[i - 1] & 0xFF] == UPPER) {
            while (i < to && KINDS[text[i] & 0xFF] == UPPER) {
                i++;
            }
        }
        while (i < to && KINDS[text[i] & 0xFF] == LOWER) {
            i++;
        }
        return i;
    }

    private static int word(byte[] text, int from, int to) {
        int letters = to - from;
        if (letters > 1 && KINDS[text[from + 1] & 0xFF] == UPPER) {
            return ONE * ((letters + CAPITALS - 1) / CAPITALS);
        }
        return ONE + Math.max(0, letters - WORD) * ONE / REST_OF_WORD;
    }

    private static int endOfMarks(byte[] text, int from, int to, boolean escaped) {
        int i = from;
        while (i < to && KINDS[text[i] & 0xFF] == MARK && !(escaped && text[i] == '\\')) {
            i++;
        }
        return i;
    }

    private static int marks(byte[] text, int from, int to) {
        int marks = to - from;
        boolean areSame = marks > 3 && text[from] == text[from + 1] && text[from] == text[to - 1];
        int together = areSame ? SAME_MARKS : MARKS;
        return ONE * ((marks + together - 1) / together);
    }

    /** Behind the escape whose backslash stands before {@code from}; line ends that follow each other count as one. */
    private static int endOfEscape(byte[] text, int from, int to) {
        if (text[from] == 'u') {
            return Math.min(to, from + 5);
        }
        int i = from + 1;
        if (isLineEnd(text[from])) {
            while (i < to && (text[i] == ' ' || (text[i] == '\\' && i + 1 < to && isLineEnd(text[i + 1])))) {
                i += text[i] == ' ' ? 1 : 2;
            }
        }
        return i;
    }

    private static boolean isLineEnd(byte letter) {
        return letter == 'n' || letter == 'r' || letter == 't';
    }

    private static int escape(byte[] text, int from, int to) {
        if (text[from + 1] != 'u' || to - from < 6) {
            return ONE;
        }
        boolean isTwoBytes = text[from + 2] == '0';
        boolean isSurrogate = (text[from + 2] | 0x20) == 'd' && text[from + 3] >= '8';
        return isSurrogate ? FOUR_BYTES / 2 : isTwoBytes ? TWO_BYTES : THREE_BYTES;
    }

    /** What the byte adds that is part of a character beyond ASCII: all of it at the first one. */
    private static int character(byte lead) {
        int c = lead & 0xFF;
        if (c < 0xC0) {
            return 0;
        }
        return c < 0xE0 ? TWO_BYTES : c < 0xF0 ? THREE_BYTES : FOUR_BYTES;
    }
}
