package dev.slipstream.bench.load;

import java.util.Locale;

/** What the requests of a run ask for. */
public enum Scenario {
    /** Whole answers. */
    CHAT,
    /** Server-sent events. */
    STREAM,
    /** The list of models. */
    MODELS,
    /** Of ten requests five are {@link #CHAT}, four {@link #STREAM} and one {@link #MODELS}, in an order set by the seed. */
    MIXED;

    private static final int OF_TEN_CHAT = 5;
    private static final int OF_TEN_CHAT_OR_STREAM = 9;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a request: of its number and the seed alone, so that any number of loops sends the same. */
    RequestKind kind(long seed, long number) {
        return switch (this) {
            case CHAT -> RequestKind.CHAT;
            case STREAM -> RequestKind.STREAM;
            case MODELS -> RequestKind.MODELS;
            case MIXED -> {
                int of = (int) Long.remainderUnsigned(mixed(seed + number * 0x9E3779B97F4A7C15L), 10);
                yield of < OF_TEN_CHAT
                        ? RequestKind.CHAT
                        : of < OF_TEN_CHAT_OR_STREAM ? RequestKind.STREAM : RequestKind.MODELS;
            }
        };
    }

    /** Spreads neighbouring numbers: the finishing step of SplitMix64. */
    private static long mixed(long value) {
        long x = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
