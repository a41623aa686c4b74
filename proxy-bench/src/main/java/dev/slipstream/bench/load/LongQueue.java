package dev.slipstream.bench.load;

/** First in, first out, of numbers; holds no more than it may. Not thread-safe. */
final class LongQueue {
    private static final int FIRST_SIZE = 64;

    private final int limit;
    private long[] items = new long[FIRST_SIZE];
    private int head;
    private int size;

    LongQueue(int limit) {
        this.limit = limit;
    }

    /** @return false: it is full */
    boolean add(long item) {
        if (size == limit) {
            return false;
        }
        if (size == items.length) {
            long[] larger = new long[items.length * 2];
            for (int i = 0; i < size; i++) {
                larger[i] = items[(head + i) % items.length];
            }
            items = larger;
            head = 0;
        }
        items[(head + size++) % items.length] = item;
        return true;
    }

    /** The oldest; only where it is not empty. */
    long peek() {
        return items[head];
    }

    /** Takes the oldest away; only where it is not empty. */
    long poll() {
        long item = items[head];
        head = (head + 1) % items.length;
        size--;
        return item;
    }

    boolean isEmpty() {
        return size == 0;
    }
}
