package dev.slipstream.codec.hpack;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Writes the header blocks of one HTTP/2 connection (RFC 7541). What comes again and again is put into the dynamic
 * table and costs one byte from then on; strings go as they are, without Huffman's code, which would save a few bytes
 * once. Makes no garbage but for what the table keeps. Confined to its connection.
 */
public final class HpackWriter {
    /** What becomes of a field in the tables of both ends. */
    public enum Indexing {
        /** Kept, for it will come again. */
        KEEP,
        /** Not kept, for it will not. */
        PASS,
        /** A secret: not kept here, nor by anybody on the way (RFC 7541 §7.1.3). */
        NEVER
    }

    /** What an entry counts beside its name and value (RFC 7541 §4.1). */
    private static final int ENTRY_OVERHEAD = 32;

    /** The size of both tables until the peer says otherwise. */
    public static final int DEFAULT_TABLE_BYTES = 4096;

    private static final int MAX_ENTRIES = DEFAULT_TABLE_BYTES / ENTRY_OVERHEAD;

    /** Larger entries would push everything else out. */
    private static final int MAX_ENTRY_BYTES = DEFAULT_TABLE_BYTES / 4;

    /** A ring; the newest entry is at {@link #newest}. */
    private final byte[][] entries = new byte[MAX_ENTRIES][];

    private final int[] nameLengths = new int[MAX_ENTRIES];
    private final int[] hashes = new int[MAX_ENTRIES];
    private int newest;
    private int count;
    private int bytes;

    private int maxBytes = DEFAULT_TABLE_BYTES;
    /** The smallest size that was set since the last block; it has to be told before the last one. */
    private int smallestBytes = DEFAULT_TABLE_BYTES;

    private boolean resized;

    /** The peer allows the table this size, from the next block on; more than {@value #DEFAULT_TABLE_BYTES} is not used. */
    public void setMaxTableBytes(long allowed) {
        int next = (int) Math.max(0, Math.min(allowed, DEFAULT_TABLE_BYTES));
        if (next == maxBytes) {
            return;
        }
        smallestBytes = Math.min(resized ? smallestBytes : next, next);
        maxBytes = next;
        resized = true;
        evict(0);
    }

    /** The size in use. */
    public int maxTableBytes() {
        return maxBytes;
    }

    /** Begins a block. */
    public void begin(ByteBuf out) {
        if (!resized) {
            return;
        }
        resized = false;
        if (smallestBytes < maxBytes) {
            integer(out, 0x20, 5, smallestBytes);
        }
        integer(out, 0x20, 5, maxBytes);
    }

    /** Writes a field that stands in the static table with its value. */
    public void fixed(ByteBuf out, int staticIndex) {
        integer(out, 0x80, 7, staticIndex);
    }

    /** Writes a field; the name in lower case. */
    public void field(
            ByteBuf out,
            byte[] name,
            int nameStart,
            int nameEnd,
            byte[] value,
            int valueStart,
            int valueEnd,
            Indexing indexing) {
        int nameLength = nameEnd - nameStart;
        int length = nameLength + valueEnd - valueStart;
        boolean keep = indexing == Indexing.KEEP && length <= MAX_ENTRY_BYTES && length + ENTRY_OVERHEAD <= maxBytes;
        int hash = 0;
        if (keep) {
            hash = hash(name, nameStart, nameEnd) * 31 + hash(value, valueStart, valueEnd);
            int found = find(hash, name, nameStart, nameEnd, value, valueStart, valueEnd);
            if (found > 0) {
                integer(out, 0x80, 7, found);
                return;
            }
        }
        int nameIndex = StaticNames.index(name, nameStart, nameEnd);
        if (keep) {
            integer(out, 0x40, 6, nameIndex);
        } else {
            integer(out, indexing == Indexing.NEVER ? 0x10 : 0x00, 4, nameIndex);
        }
        if (nameIndex == 0) {
            string(out, name, nameStart, nameEnd);
        }
        string(out, value, valueStart, valueEnd);
        if (keep) {
            add(hash, name, nameStart, nameLength, value, valueStart, length);
        }
    }

    /** The index in both tables together, or 0. */
    private int find(int hash, byte[] name, int nameStart, int nameEnd, byte[] value, int valueStart, int valueEnd) {
        for (int i = 0; i < count; i++) {
            int at = (newest - i + MAX_ENTRIES) % MAX_ENTRIES;
            int nameLength = nameLengths[at];
            byte[] entry = entries[at];
            if (hashes[at] == hash
                    && Arrays.equals(entry, 0, nameLength, name, nameStart, nameEnd)
                    && Arrays.equals(entry, nameLength, entry.length, value, valueStart, valueEnd)) {
                return StaticNames.COUNT + 1 + i;
            }
        }
        return 0;
    }

    private void add(int hash, byte[] name, int nameStart, int nameLength, byte[] value, int valueStart, int length) {
        evict(length + ENTRY_OVERHEAD);
        newest = (newest + 1) % MAX_ENTRIES;
        byte[] entry = new byte[length];
        System.arraycopy(name, nameStart, entry, 0, nameLength);
        System.arraycopy(value, valueStart, entry, nameLength, length - nameLength);
        entries[newest] = entry;
        nameLengths[newest] = nameLength;
        hashes[newest] = hash;
        count++;
        bytes += length + ENTRY_OVERHEAD;
    }

    /** Lets the oldest go until there is room for {@code more}. */
    private void evict(int more) {
        while (count > 0 && bytes + more > maxBytes) {
            int oldest = (newest - count + 1 + MAX_ENTRIES) % MAX_ENTRIES;
            bytes -= entries[oldest].length + ENTRY_OVERHEAD;
            count--;
        }
    }

    private static int hash(byte[] array, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + array[i];
        }
        return hash;
    }

    private static void string(ByteBuf out, byte[] array, int from, int to) {
        integer(out, 0, 7, to - from);
        out.writeBytes(array, from, to - from);
    }

    /** RFC 7541 §5.1. */
    private static void integer(ByteBuf out, int pattern, int prefixBits, int value) {
        int limit = (1 << prefixBits) - 1;
        if (value < limit) {
            out.writeByte(pattern | value);
            return;
        }
        out.writeByte(pattern | limit);
        int rest = value - limit;
        while (rest >= 0x80) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
