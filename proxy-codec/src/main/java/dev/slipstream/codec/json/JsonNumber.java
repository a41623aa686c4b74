package dev.slipstream.codec.json;

/** The grammar of numbers (RFC 8259 section 6): whole at once, or byte by byte. Nothing is ever converted. */
final class JsonNumber {
    /** Parts of a number: what came last. The even ones may end it. */
    static final int INTEGER = 0;

    static final int SIGN = 1;
    static final int ZERO = 2;
    static final int POINT = 3;
    static final int FRACTION = 4;
    static final int E = 5;
    static final int EXPONENT = 6;
    static final int E_SIGN = 7;

    /** No part: the byte is none of the number's. */
    static final int NONE = -1;

    private JsonNumber() {}

    /** Whether a number may end behind {@code part}. */
    static boolean mayEnd(int part) {
        return (part & 1) == 0;
    }

    /** The part that a number starts with whose first byte is {@code c}, or {@link #NONE}. */
    static int start(byte c) {
        return c == '-' ? SIGN : next(SIGN, c);
    }

    /** The part that {@code c} leads to behind {@code part}, or {@link #NONE}. */
    static int next(int part, byte c) {
        if (isDigit(c)) {
            return switch (part) {
                case SIGN -> c == '0' ? ZERO : INTEGER;
                case ZERO -> NONE;
                case POINT -> FRACTION;
                case E, E_SIGN -> EXPONENT;
                default -> part;
            };
        }
        return switch (c) {
            case '.' -> part == INTEGER || part == ZERO ? POINT : NONE;
            case 'e', 'E' -> part == INTEGER || part == ZERO || part == FRACTION ? E : NONE;
            case '+', '-' -> part == E ? E_SIGN : NONE;
            default -> NONE;
        };
    }

    static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /**
     * The first byte behind the longest one that starts at {@code p}, negative if none does. At the
     * stop the number may go on.
     */
    static int skip(byte[] text, int p) {
        byte c = text[p];
        if (c == '-') {
            c = text[++p];
        }
        if (c == '0') {
            c = text[++p];
        } else if (isDigit(c)) {
            p = skipDigits(text, p + 1);
            c = text[p];
        } else {
            return -1;
        }
        if (c == '.') {
            if (!isDigit(text[p + 1])) {
                return -1;
            }
            p = skipDigits(text, p + 2);
            c = text[p];
        }
        if (c == 'e' || c == 'E') {
            c = text[++p];
            if (c == '+' || c == '-') {
                c = text[++p];
            }
            if (!isDigit(c)) {
                return -1;
            }
            p = skipDigits(text, p + 1);
        }
        return p;
    }

    static int skipDigits(byte[] text, int p) {
        while (isDigit(text[p])) {
            p++;
        }
        return p;
    }
}
