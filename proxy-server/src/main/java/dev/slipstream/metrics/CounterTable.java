package dev.slipstream.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counters by up to three strings and a number: one family of one loop. An open-addressing table with linear probing;
 * a look-up allocates nothing, the first of its key one entry.
 *
 * <p>Single writer (the loop), any readers: entries are immutable but for their count and are published by release
 * writes, growing publishes a new array. Nothing is ever removed. A key beyond the cap is counted under {@code other},
 * so that nobody can grow this without bound by sending new names.
 */
final class CounterTable {
    static final int SERIES_CAP = 4096;
    static final String OTHER = "other";
    /** The number of the {@code other} entry. */
    static final int OTHER_NUMBER = -1;

    private static final int FIRST_CAPACITY = 32;

    /** A key and its count. */
    static final class Entry {
        private static final VarHandle VALUE;

        static {
            try {
                VALUE = MethodHandles.lookup().findVarHandle(Entry.class, "value", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        final String first;
        final String second;
        final String third;
        final int number;
        private final int hash;
        /** Plain for the writer, opaque for readers: whole, and seen in the end. */
        private long value;

        Entry(String first, String second, String third, int number, int hash) {
            this.first = first;
            this.second = second;
            this.third = third;
            this.number = number;
            this.hash = hash;
        }

        long value() {
            return (long) VALUE.getOpaque(this);
        }

        private void add(long count) {
            VALUE.setOpaque(this, value + count);
        }

        private boolean is(String first, String second, String third, int number, int hash) {
            // equals() compares identities first, and long-lived strings stop there.
            return this.hash == hash
                    && this.number == number
                    && this.first.equals(first)
                    && this.second.equals(second)
                    && this.third.equals(third);
        }
    }

    private final Entry other = new Entry(OTHER, OTHER, OTHER, OTHER_NUMBER, 0);
    private volatile AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(FIRST_CAPACITY);
    /** Of the writer. */
    private int size;

    /** Adds to the counter of this key. Loop only. */
    void add(String first, String second, String third, int number, long count) {
        int hash = hash(first, second, third, number);
        AtomicReferenceArray<Entry> table = entries;
        int mask = table.length() - 1;
        int index = hash & mask;
        for (Entry entry = table.getPlain(index); entry != null; entry = table.getPlain(index)) {
            if (entry.is(first, second, third, number, hash)) {
                entry.add(count);
                return;
            }
            index = (index + 1) & mask;
        }
        if (size == SERIES_CAP) {
            other.add(count);
            return;
        }
        Entry entry = new Entry(first, second, third, number, hash);
        entry.add(count);
        size++;
        if (size * 2 > table.length()) {
            grow(table, entry);
        } else {
            table.setRelease(index, entry);
        }
    }

    /** Shows every counter to {@code reader}. Any thread. */
    void forEach(Reader reader) {
        AtomicReferenceArray<Entry> table = entries;
        for (int i = 0; i < table.length(); i++) {
            Entry entry = table.getAcquire(i);
            if (entry != null) {
                reader.read(entry);
            }
        }
        if (other.value() > 0) {
            reader.read(other);
        }
    }

    /** Takes what {@link #forEach} shows. */
    interface Reader {
        void read(Entry entry);
    }

    private void grow(AtomicReferenceArray<Entry> old, Entry added) {
        AtomicReferenceArray<Entry> table = new AtomicReferenceArray<>(old.length() * 2);
        for (int i = 0; i < old.length(); i++) {
            Entry entry = old.getPlain(i);
            if (entry != null) {
                insert(table, entry);
            }
        }
        insert(table, added);
        entries = table;
    }

    private static void insert(AtomicReferenceArray<Entry> table, Entry entry) {
        int mask = table.length() - 1;
        int index = entry.hash & mask;
        while (table.getPlain(index) != null) {
            index = (index + 1) & mask;
        }
        table.setPlain(index, entry);
    }

    private static int hash(String first, String second, String third, int number) {
        int hash = ((first.hashCode() * 31 + second.hashCode()) * 31 + third.hashCode()) * 31 + number;
        // Spread: the last digits of the status would else be neighbours of each other's probes.
        hash *= 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }
}
