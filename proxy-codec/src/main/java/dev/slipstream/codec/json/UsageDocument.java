package dev.slipstream.codec.json;

import java.nio.charset.StandardCharsets;

/**
 * Reads the figures out of one JSON document that comes in any split. Follows only the paths that lead to a usage;
 * everything else is skipped by its quotes and brackets alone, and not checked further. No stack: the paths are three
 * objects deep and each place has one parent, a skipped subtree needs a counter.
 */
final class UsageDocument {
    /** Deeper nesting makes the document unreadable. */
    static final int MAX_DEPTH = 512;
    /** Longer numbers are left unknown. */
    static final int MAX_DIGITS = 15;

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    /** Not one byte seen. */
    private static final int START = 0;

    private static final int BLANKS_BEFORE = 1;
    private static final int DONE_MARK = 2;
    /** Behind the opening brace. */
    private static final int FIRST_KEY = 3;
    /** Behind a comma. */
    private static final int NEXT_KEY = 4;

    private static final int KEY = 5;
    private static final int COLON = 6;
    private static final int VALUE = 7;
    private static final int TYPE_STRING = 8;
    private static final int NUMBER = 9;
    /** A string without interest. */
    private static final int STRING = 10;
    /** A literal or number without interest. */
    private static final int SCALAR = 11;

    private static final int SUBTREE = 12;
    private static final int SUBTREE_STRING = 13;
    private static final int BEHIND_VALUE = 14;
    private static final int COMPLETE = 15;
    /** {@code [DONE]} was read; what follows does not matter. */
    private static final int DONE_SEEN = 16;

    private static final int BROKEN = 17;

    private final UsageFigures figures;
    /** A key, or a value of {@code type}, that came in more than one piece. */
    private final byte[] word = new byte[UsageKeys.MAX_BYTES];

    private int state;
    private int place;
    private int role;
    private int depth;
    private boolean inCarrier;
    private boolean inMessage;
    /** The last byte of a string seen was a backslash that escapes the next. */
    private boolean escaped;
    /** The string has no escapes so far. */
    private boolean plain;

    private int wordLength;
    private long number;
    private int digits;
    private boolean typeEnds;
    private boolean messageUsage;
    private boolean messageKnown;

    UsageDocument(UsageFigures figures) {
        this.figures = figures;
    }

    /** Forgets the answer: the next document is its first. */
    void reset() {
        messageKnown = false;
        begin();
    }

    /** Forgets the document, for the next one of the same answer. */
    private void begin() {
        state = START;
        place = UsageKeys.IN_TOP;
        role = UsageKeys.NOTHING;
        depth = 0;
        inCarrier = false;
        inMessage = false;
        escaped = false;
        plain = true;
        wordLength = 0;
        number = 0;
        digits = 0;
        typeEnds = false;
        messageUsage = false;
        figures.drop();
    }

    /**
     * The document has ended: its figures count if it is complete. Makes ready for the next.
     *
     * @return whether it was a stream's last
     */
    boolean end() {
        boolean last = state == DONE_SEEN;
        if (state == COMPLETE) {
            figures.commit();
            messageKnown |= messageUsage;
            last = typeEnds;
        }
        if (state != START) {
            begin();
        }
        return last;
    }

    void feed(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            switch (state) {
                case KEY, TYPE_STRING -> i = word(bytes, i, to);
                case STRING, SUBTREE_STRING -> {
                    i = stringEnd(bytes, i, to);
                    if (i < to) {
                        state = state == STRING ? BEHIND_VALUE : SUBTREE;
                        i++;
                    }
                }
                case SUBTREE -> i = subtree(bytes, i, to);
                case DONE_MARK -> mark(bytes[i++]);
                case DONE_SEEN, BROKEN -> {
                    return;
                }
                default -> {
                    if (!isBlank(bytes[i]) || state == NUMBER || state == SCALAR) {
                        structure(bytes[i]);
                    } else if (state == START) {
                        state = BLANKS_BEFORE;
                    }
                    i++;
                }
            }
        }
    }

    /** One byte outside of strings on an interesting path. */
    private void structure(byte next) {
        switch (state) {
            case START, BLANKS_BEFORE -> {
                if (next == '{') {
                    state = FIRST_KEY;
                } else if (next == '[' && state == START) {
                    state = DONE_MARK;
                    wordLength = 1;
                } else {
                    state = BROKEN;
                }
            }
            case FIRST_KEY, NEXT_KEY -> {
                if (next == '"') {
                    startString(KEY);
                } else if (next == '}' && state == FIRST_KEY) {
                    close();
                } else {
                    state = BROKEN;
                }
            }
            case COLON -> state = next == ':' ? VALUE : BROKEN;
            case VALUE -> startValue(next);
            case NUMBER -> number(next);
            case SCALAR -> scalar(next);
            case BEHIND_VALUE -> behindValue(next);
            default -> {
                // Only blanks may follow the document.
                state = BROKEN;
            }
        }
    }

    private void startValue(byte next) {
        switch (next) {
            case '"' -> startString(role == UsageKeys.TYPE ? TYPE_STRING : STRING);
            case '{' -> {
                if (role < UsageKeys.MESSAGE) {
                    skipSubtree();
                } else {
                    open();
                }
            }
            case '[' -> skipSubtree();
            default -> {
                number = 0;
                digits = 0;
                // The byte belongs to the value and is looked at again as such.
                if (role >= 0 && role < UsageFigures.COUNT) {
                    state = NUMBER;
                    number(next);
                } else {
                    state = SCALAR;
                    digits = isScalar(next) ? 1 : 0;
                    scalar(next);
                }
            }
        }
    }

    private void skipSubtree() {
        state = SUBTREE;
        depth = 1;
    }

    private void open() {
        state = FIRST_KEY;
        switch (role) {
            case UsageKeys.MESSAGE, UsageKeys.CARRIER -> {
                place = UsageKeys.IN_CARRIER;
                inCarrier = true;
                inMessage = role == UsageKeys.MESSAGE;
            }
            case UsageKeys.USAGE -> {
                place = UsageKeys.IN_USAGE;
                messageUsage |= inMessage;
            }
            case UsageKeys.INCLUSIVE_DETAILS -> {
                figures.stageInclusive();
                place = UsageKeys.IN_INPUT_DETAILS;
            }
            case UsageKeys.INPUT_DETAILS -> place = UsageKeys.IN_INPUT_DETAILS;
            default -> place = UsageKeys.IN_OUTPUT_DETAILS;
        }
    }

    private void close() {
        state = BEHIND_VALUE;
        switch (place) {
            case UsageKeys.IN_TOP -> state = COMPLETE;
            case UsageKeys.IN_CARRIER -> {
                place = UsageKeys.IN_TOP;
                inCarrier = false;
                inMessage = false;
            }
            case UsageKeys.IN_USAGE -> place = inCarrier ? UsageKeys.IN_CARRIER : UsageKeys.IN_TOP;
            default -> place = UsageKeys.IN_USAGE;
        }
    }

    private void behindValue(byte next) {
        if (next == ',') {
            state = NEXT_KEY;
        } else if (next == '}') {
            close();
        } else {
            state = BROKEN;
        }
    }

    private void number(byte next) {
        if (next >= '0' && next <= '9' && digits < MAX_DIGITS && (digits == 0 || number != 0)) {
            number = number * 10 + (next - '0');
            digits++;
        } else if (isScalar(next)) {
            // null, a sign, a fraction, an exponent, a leading zero, too long: no figure, and skipped like any other.
            digits = 1;
            state = SCALAR;
        } else {
            if (digits > 0) {
                figures.stage(role, number);
            }
            scalar(next);
        }
    }

    private void scalar(byte next) {
        if (isScalar(next)) {
            return;
        }
        // Without one byte of its own it was no value.
        state = digits > 0 ? BEHIND_VALUE : BROKEN;
        if (state == BEHIND_VALUE && !isBlank(next)) {
            behindValue(next);
        }
    }

    private int subtree(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            switch (bytes[i++]) {
                case '"' -> {
                    i = stringEnd(bytes, i, to);
                    if (i == to) {
                        state = SUBTREE_STRING;
                        return to;
                    }
                    i++;
                }
                case '{', '[' -> {
                    if (++depth > MAX_DEPTH) {
                        state = BROKEN;
                        return to;
                    }
                }
                case '}', ']' -> {
                    if (--depth == 0) {
                        state = BEHIND_VALUE;
                        return i;
                    }
                }
                default -> {}
            }
        }
        return to;
    }

    private void startString(int kind) {
        state = kind;
        plain = true;
        wordLength = 0;
    }

    /** Goes on in a key or a value of {@code type}; the range is compared in place if it came in one piece. */
    private int word(byte[] bytes, int from, int to) {
        int end = stringEnd(bytes, from, to);
        if (end == to || wordLength > 0) {
            keep(bytes, from, end);
        }
        if (end == to) {
            return to;
        }
        boolean kept = wordLength > 0;
        boolean comparable = plain && wordLength <= UsageKeys.MAX_BYTES;
        byte[] text = kept ? word : bytes;
        int start = kept ? 0 : from;
        int stop = kept ? wordLength : end;
        if (state == KEY) {
            role = comparable ? UsageKeys.role(place, text, start, stop) : UsageKeys.NOTHING;
            if (role == UsageKeys.MESSAGE && messageKnown) {
                // A second message_start has been seen in the wild; the first one's figures stand.
                role = UsageKeys.NOTHING;
            }
            state = COLON;
        } else {
            typeEnds = comparable && UsageKeys.endsStream(text, start, stop);
            state = BEHIND_VALUE;
        }
        return end + 1;
    }

    private void keep(byte[] bytes, int from, int to) {
        int length = to - from;
        if (wordLength + length <= UsageKeys.MAX_BYTES) {
            System.arraycopy(bytes, from, word, wordLength, length);
            wordLength += length;
        } else {
            wordLength = UsageKeys.MAX_BYTES + 1;
        }
    }

    /** Index of the quote that ends the string, or {@code to}. */
    private int stringEnd(byte[] bytes, int from, int to) {
        int i = from;
        if (escaped && i < to) {
            escaped = false;
            i++;
        }
        while (true) {
            i = UsageSearch.quoteOrBackslash(bytes, i, to);
            if (i == to || bytes[i] == '"') {
                return i;
            }
            plain = false;
            if (i + 1 == to) {
                escaped = true;
                return to;
            }
            i += 2;
        }
    }

    private void mark(byte next) {
        if (next != DONE[wordLength]) {
            state = BROKEN;
        } else if (++wordLength == DONE.length) {
            state = DONE_SEEN;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Whether a literal or a number may have this byte. */
    private static boolean isScalar(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || b == '-'
                || b == '+'
                || b == '.';
    }
}
