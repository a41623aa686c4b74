package dev.slipstream.codec;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Where a fuzz test cuts its input: at random, but by nothing but the input, so that a finding is found again. */
public final class Cuts {
    private static final int MAX_CUTS = 8;

    private Cuts() {}

    /** Up to eight places from 0 to the length, ascending; some may be equal, which makes empty pieces. */
    public static int[] of(byte[] input) {
        SplittableRandom random = random(input);
        int[] cuts = new int[random.nextInt(MAX_CUTS + 1)];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = random.nextInt(input.length + 1);
        }
        Arrays.sort(cuts);
        return cuts;
    }

    /** A generator that follows from the input alone. */
    public static SplittableRandom random(byte[] input) {
        return new SplittableRandom(Arrays.hashCode(input));
    }
}
