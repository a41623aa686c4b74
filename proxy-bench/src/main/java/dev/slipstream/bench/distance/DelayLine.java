package dev.slipstream.bench.distance;

/**
 * Packets on their way: a bounded queue in which each becomes due a constant time after it was added. It holds slots
 * and times; the bytes are the user's, one slot of memory for each index. Confined to one thread. It has no clock: times
 * are of {@link System#nanoTime()}, or of any other that is compared by difference.
 *
 * <p>The delay is constant, so what was added first is due first, and nothing is ever reordered.
 */
final class DelayLine {
    private final long delayNanos;
    private final int capacity;
    private final int[] bytes;
    private final long[] dueNanos;
    private int head;
    private int size;

    /**
     * @param capacity packets; what comes while it is full has to wait outside
     * @param delayNanos 0 or more
     */
    DelayLine(int capacity, long delayNanos) {
        if (capacity < 1 || delayNanos < 0) {
            throw new IllegalArgumentException("capacity " + capacity + ", delay " + delayNanos + " ns");
        }
        this.capacity = capacity;
        this.delayNanos = delayNanos;
        this.bytes = new int[capacity];
        this.dueNanos = new long[capacity];
    }

    boolean isFull() {
        return size == capacity;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The slot that the next packet is written to; only while it is not full. */
    int freeSlot() {
        if (isFull()) {
            throw new IllegalStateException("full");
        }
        return at(size);
    }

    /** Takes the packet that was written to {@link #freeSlot()}. */
    void add(int packetBytes, long nowNanos) {
        int slot = freeSlot();
        bytes[slot] = packetBytes;
        dueNanos[slot] = nowNanos + delayNanos;
        size++;
    }

    /** Whether the first packet is to be sent on. */
    boolean isDue(long nowNanos) {
        return size > 0 && nowNanos - dueNanos[head] >= 0;
    }

    /** Until the first packet is due: 0 if it is, {@link Long#MAX_VALUE} if there is none. */
    long nanosUntilDue(long nowNanos) {
        return size == 0 ? Long.MAX_VALUE : Math.max(0, dueNanos[head] - nowNanos);
    }

    int headSlot() {
        checkNotEmpty();
        return head;
    }

    int headBytes() {
        checkNotEmpty();
        return bytes[head];
    }

    long headDueNanos() {
        checkNotEmpty();
        return dueNanos[head];
    }

    /** Frees the slot of the first packet. */
    void remove() {
        checkNotEmpty();
        head = at(1);
        size--;
    }

    private int at(int offset) {
        return (head + offset) % capacity;
    }

    private void checkNotEmpty() {
        if (size == 0) {
            throw new IllegalStateException("empty");
        }
    }
}
