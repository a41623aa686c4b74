package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import java.util.Arrays;

/**
 * The content blocks of a stream that have begun and not ended, by the provider's index: as a rule one. Slots are found
 * by a search from the last one begun.
 */
final class OpenBlocks {
    /** No block of that index is open. */
    static final int NONE = -1;

    /** A block of text or thinking. */
    static final int SAID = -1;

    /** A block that the client is told nothing of. */
    static final int SWALLOWED = -2;

    /** Blocks open at once, where a provider never ends any; one more breaks the stream. */
    static final int MAX_OPEN = 1024;

    /** Bytes of arguments that came with the start of blocks that are open; more break the stream. */
    static final int MAX_HELD_BYTES = 4 << 20;

    private static final int INDEX = 0;
    private static final int CALL = 1;
    private static final int ARGUED = 2;
    private static final int HELD_FROM = 3;
    private static final int HELD_TO = 4;
    private static final int INTS = 5;

    private int[] slots = new int[4 * INTS];
    private int count;
    private final JsonOutput held = new JsonOutput();

    void reset() {
        count = 0;
        held.reset(false);
    }

    int count() {
        return count;
    }

    /** The slot of the block with {@code index}, of the last one begun where {@code index} is negative, or {@link #NONE}. */
    int find(long index) {
        int slot = count - 1;
        int key = (int) Math.max(-1, Math.min(index, Integer.MAX_VALUE));
        while (key >= 0 && slot >= 0 && slots[slot * INTS + INDEX] != key) {
            slot--;
        }
        return slot;
    }

    /**
     * A block begins.
     *
     * @param call the index of the client's call, {@link #SAID} or {@link #SWALLOWED}
     * @return its slot, or {@link #NONE} where too many are open
     */
    int open(long index, int call) {
        if (count == MAX_OPEN) {
            return NONE;
        }
        if (count * INTS == slots.length) {
            slots = Arrays.copyOf(slots, slots.length * 2);
        }
        int at = count * INTS;
        slots[at + INDEX] = (int) Math.min(index, Integer.MAX_VALUE);
        slots[at + CALL] = call;
        slots[at + ARGUED] = 0;
        slots[at + HELD_FROM] = 0;
        slots[at + HELD_TO] = 0;
        return count++;
    }

    int call(int slot) {
        return slots[slot * INTS + CALL];
    }

    /** Whether the client was told arguments of the call. */
    boolean isArgued(int slot) {
        return slots[slot * INTS + ARGUED] != 0;
    }

    void setArgued(int slot) {
        slots[slot * INTS + ARGUED] = 1;
    }

    /** Keeps the arguments that the start of a call brought; false where that is too much. */
    boolean hold(int slot, JsonTree tree, int input) {
        slots[slot * INTS + HELD_FROM] = held.length();
        CompletionParts.arguments(held, tree, input);
        slots[slot * INTS + HELD_TO] = held.length();
        return held.length() <= MAX_HELD_BYTES;
    }

    /** Bytes that are kept. */
    int heldBytes() {
        return held.length();
    }

    boolean isHolding(int slot) {
        return slots[slot * INTS + HELD_TO] != slots[slot * INTS + HELD_FROM];
    }

    /** Appends what was kept. */
    void writeHeld(int slot, JsonOutput out) {
        out.raw(held.bytes(), slots[slot * INTS + HELD_FROM], slots[slot * INTS + HELD_TO]);
    }

    /** The block of {@code slot} has ended; slots behind it move up. */
    void close(int slot) {
        int from = (slot + 1) * INTS;
        System.arraycopy(slots, from, slots, slot * INTS, count * INTS - from);
        count--;
        if (count == 0) {
            held.reset(false);
        }
    }
}
