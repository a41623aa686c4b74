package dev.slipstream.transform;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** What is here of an event that has not ended, on the heap. Its room is charged to its stream. */
final class EventBytes {
    /** A larger one is not taken: some providers send all the arguments of a tool in one event. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final int FIRST_BYTES = 1024;
    /** What is kept when nothing is held. */
    private static final int KEPT_BYTES = 16 * 1024;

    private static final byte[] NOTHING = {};

    private final HeapCharge charge;
    private byte[] bytes = NOTHING;
    private int length;

    EventBytes(HeapCharge charge) {
        this.charge = charge;
    }

    /** Appends {@code from[start, end)}; false, and nothing appended, where there is no room for it. */
    boolean append(byte[] from, int start, int end) {
        int count = end - start;
        if (!reserve(count)) {
            return false;
        }
        System.arraycopy(from, start, bytes, length, count);
        length += count;
        return true;
    }

    /** Appends what is readable in {@code data}, which it borrows; false, and nothing appended, where there is no room. */
    boolean append(ByteBuf data) {
        int count = data.readableBytes();
        if (!reserve(count)) {
            return false;
        }
        data.getBytes(data.readerIndex(), bytes, length, count);
        length += count;
        return true;
    }

    private boolean reserve(int count) {
        int needed = length + count;
        if (needed <= bytes.length) {
            return true;
        }
        if (needed > MAX_BYTES) {
            return false;
        }
        // A large one grows by less: what it has and does not need is charged too.
        int more = bytes.length < KEPT_BYTES ? bytes.length : bytes.length / 4;
        int capacity = Math.min(MAX_BYTES, Math.max(Math.max(needed, FIRST_BYTES), bytes.length + more));
        if (!charge.add(capacity - bytes.length)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    /** The bytes; valid up to {@link #length()}, until more are appended; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Lets go of the first {@code count} bytes; the others move to the front. */
    void dropFirst(int count) {
        System.arraycopy(bytes, count, bytes, 0, length - count);
        length -= count;
        if (length == 0 && bytes.length > KEPT_BYTES) {
            // A large event has gone; the next ones are small again.
            release();
        }
    }

    /** Gives everything back. Idempotent. */
    void release() {
        charge.add(-bytes.length);
        bytes = NOTHING;
        length = 0;
    }
}
