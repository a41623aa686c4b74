package dev.slipstream.upstream;

import java.util.SplittableRandom;

/** Seeded chances that several threads draw from. */
final class SplitRandom {
    private final SplittableRandom random;

    SplitRandom(long seed) {
        random = new SplittableRandom(seed);
    }

    /** 0 to {@code bound} less one. */
    synchronized int below(int bound) {
        return random.nextInt(bound);
    }
}
