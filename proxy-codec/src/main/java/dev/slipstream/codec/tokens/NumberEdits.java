package dev.slipstream.codec.tokens;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/** Numbers of a document that are to read otherwise. At most {@link #MAX}; what comes behind them stays as it is. Reused. */
final class NumberEdits {
    /** An answer has about ten; with the iterations of a long run of server tools, a few for each. */
    static final int MAX = 512;

    private final int[] values = new int[MAX];
    private final long[] numbers = new long[MAX];
    private final long[] before = new long[MAX];
    private int count;

    void reset() {
        count = 0;
    }

    /** Whether any number is another one than stands there. */
    boolean isNeeded() {
        for (int i = 0; i < count; i++) {
            if (numbers[i] != before[i]) {
                return true;
            }
        }
        return false;
    }

    boolean isFull() {
        return count == MAX;
    }

    /** Has {@code value}, which reads {@code now}, read {@code number}. The last word on a value holds. */
    void put(int value, long now, long number) {
        int at = count;
        // Values stand in document order, and so do most edits.
        while (at > 0 && values[at - 1] >= value) {
            at--;
        }
        if (at < count && values[at] == value) {
            numbers[at] = number;
            return;
        }
        if (count == MAX) {
            return;
        }
        System.arraycopy(values, at, values, at + 1, count - at);
        System.arraycopy(numbers, at, numbers, at + 1, count - at);
        System.arraycopy(before, at, before, at + 1, count - at);
        values[at] = value;
        before[at] = now;
        numbers[at] = number;
        count++;
    }

    /** Appends the whole text of {@code tree} with the numbers changed. */
    void write(JsonTree tree, JsonOutput out) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            out.range(tree, from, tree.start(values[i])).number(numbers[i]);
            from = tree.end(values[i]);
        }
        out.range(tree, from, tree.length());
    }
}
