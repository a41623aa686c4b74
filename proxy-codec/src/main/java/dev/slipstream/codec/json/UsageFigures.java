package dev.slipstream.codec.json;

import java.util.Arrays;

/**
 * The figures of an answer, by the names they came under. What a document says is staged and counts once the document
 * has proved sound. A figure that comes again replaces: providers that repeat usage send running totals.
 */
final class UsageFigures {
    static final int PROMPT = 0;
    static final int COMPLETION = 1;
    static final int TOTAL = 2;
    static final int INPUT = 3;
    static final int OUTPUT = 4;
    static final int CACHE_READ = 5;
    static final int CACHE_CREATION = 6;
    /** {@code cached_tokens} of the details. */
    static final int CACHED = 7;
    /** Cached tokens as DeepSeek, Together and Moonshot say it, in the usage itself. */
    static final int CACHE_HIT = 8;

    static final int REASONING = 9;
    static final int COUNT = 10;

    private final long[] known = new long[COUNT];
    private final long[] staged = new long[COUNT];
    private int stagedBits;
    private boolean inclusive;
    private boolean stagedInclusive;

    UsageFigures() {
        reset();
    }

    void reset() {
        Arrays.fill(known, UsageScanner.UNKNOWN);
        inclusive = false;
        drop();
    }

    void stage(int figure, long value) {
        staged[figure] = value;
        stagedBits |= 1 << figure;
    }

    /** {@code input_tokens_details} was seen: {@code input_tokens} includes the cached ones. */
    void stageInclusive() {
        stagedInclusive = true;
    }

    void drop() {
        stagedBits = 0;
        stagedInclusive = false;
    }

    void commit() {
        for (int bits = stagedBits; bits != 0; bits &= bits - 1) {
            int figure = Integer.numberOfTrailingZeros(bits);
            known[figure] = staged[figure];
        }
        inclusive |= stagedInclusive;
        drop();
    }

    long prompt() {
        if (known[PROMPT] >= 0) {
            return known[PROMPT];
        }
        if (known[INPUT] < 0 || inclusive) {
            return known[INPUT];
        }
        return known[INPUT] + Math.max(0, known[CACHE_READ]) + Math.max(0, known[CACHE_CREATION]);
    }

    long completion() {
        long completion = known[COMPLETION];
        if (completion < 0) {
            return known[OUTPUT];
        }
        long reasoning = known[REASONING];
        // xAI counts reasoning beside completion_tokens instead of within; its total gives that away.
        boolean beside = reasoning > 0 && known[PROMPT] >= 0 && known[TOTAL] == known[PROMPT] + completion + reasoning;
        return beside ? completion + reasoning : completion;
    }

    long cached() {
        if (known[CACHED] >= 0) {
            return known[CACHED];
        }
        return known[CACHE_HIT] >= 0 ? known[CACHE_HIT] : known[CACHE_READ];
    }

    long reasoning() {
        return known[REASONING];
    }
}
