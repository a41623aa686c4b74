package dev.slipstream.codec.translate;

/**
 * Follows the arguments of a tool call, JSON inside a JSON string, as they come in fragments: where their object begins
 * and where it ends. Only brackets and strings are looked at; whether the rest is JSON shows where it is parsed.
 *
 * <p>That the object has ended is the one sure sign that a call is complete: a later call may begin before its forerunner
 * has got all its fragments.
 */
final class ArgumentsScan {
    private enum State {
        BEFORE,
        INSIDE,
        COMPLETE,
        /** What came is no object: {@code null}, say. */
        NO_OBJECT
    }

    private State state = State.BEFORE;
    private int depth;
    private boolean inString;
    private boolean afterBackslash;
    private int from;
    private int to;

    void reset() {
        state = State.BEFORE;
        depth = 0;
        inString = false;
        afterBackslash = false;
        from = 0;
        to = 0;
    }

    /** Whether nothing more can come of it: the object has ended, or there is none. */
    boolean isComplete() {
        return state == State.COMPLETE || state == State.NO_OBJECT;
    }

    /** Whether the object has begun and not ended. */
    boolean isTorn() {
        return state == State.INSIDE;
    }

    /** Where the object's part of the last fragment begins. */
    int from() {
        return from;
    }

    /** Where the object's part of the last fragment ends; at {@link #from()} where it has none. */
    int to() {
        return to;
    }

    /**
     * Reads the next fragment, {@code text[start, end)}: the inside of a JSON string, its escapes legal and whole. What
     * stands before the object and behind it is no part of it.
     */
    void feed(byte[] text, int start, int end) {
        from = start;
        to = start;
        int i = start;
        while (i < end) {
            int at = i;
            int c = text[i++];
            if (c == '\\') {
                c = escaped(text, i);
                i += text[i] == 'u' ? 5 : 1;
            }
            if (state == State.INSIDE) {
                to = i;
                inside(c);
            } else if (state == State.BEFORE && c == '{') {
                state = State.INSIDE;
                depth = 1;
                from = at;
                to = i;
            } else if (state == State.BEFORE && c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                state = State.NO_OBJECT;
            }
            if (isComplete()) {
                return;
            }
        }
    }

    private void inside(int c) {
        if (inString) {
            if (afterBackslash) {
                afterBackslash = false;
            } else if (c == '\\') {
                afterBackslash = true;
            } else if (c == '"') {
                inString = false;
            }
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            state = State.COMPLETE;
        }
    }

    /** What the escape stands for whose backslash is before {@code p}. */
    private static int escaped(byte[] text, int p) {
        return switch (text[p]) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b', 'f' -> 0;
            case 'u' -> unit(text, p + 1);
            default -> text[p];
        };
    }

    private static int unit(byte[] text, int p) {
        int unit = 0;
        for (int i = p; i < p + 4; i++) {
            unit = 16 * unit + Character.digit(text[i], 16);
        }
        return unit;
    }
}
