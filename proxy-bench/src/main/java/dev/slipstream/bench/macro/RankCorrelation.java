package dev.slipstream.bench.macro;

import java.util.Arrays;

/** Spearman's rank correlation between samples and the number of the group that each is in. */
final class RankCorrelation {
    private RankCorrelation() {}

    /** From -1 to 1; 0 where the groups are in no order. Samples of the same value share their rank. */
    static double of(long[][] groups) {
        int total = Arrays.stream(groups).mapToInt(group -> group.length).sum();
        long[] sorted =
                Arrays.stream(groups).flatMapToLong(Arrays::stream).sorted().toArray();
        double meanRank = (total - 1) / 2.0;
        double meanGroup = 0;
        for (int group = 0; group < groups.length; group++) {
            meanGroup += (double) group * groups[group].length / total;
        }
        double both = 0;
        double ranks = 0;
        double numbers = 0;
        for (int group = 0; group < groups.length; group++) {
            for (long sample : groups[group]) {
                double rank = (first(sorted, sample) + first(sorted, sample + 1) - 1) / 2.0 - meanRank;
                both += rank * (group - meanGroup);
                ranks += rank * rank;
                numbers += (group - meanGroup) * (group - meanGroup);
            }
        }
        return ranks == 0 || numbers == 0 ? 0 : both / Math.sqrt(ranks * numbers);
    }

    /** How many are smaller than {@code value}. */
    private static int first(long[] sorted, long value) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] < value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
