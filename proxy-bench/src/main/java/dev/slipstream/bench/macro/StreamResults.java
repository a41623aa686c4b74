package dev.slipstream.bench.macro;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** What the legs of {@link StreamRun} come to. */
final class StreamResults {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double[] SHARES = {0.5, 0.9, 0.99, 0.999, 1};

    /** Events of one part of all rounds of a leg. Nanoseconds. */
    private static final class Part {
        final String leg;
        final String name;
        final List<long[]> gaps = new ArrayList<>();
        final List<long[]> ways = new ArrayList<>();
        final List<StreamRun.Usage> usages = new ArrayList<>();

        Part(String leg, String name) {
            this.leg = leg;
            this.name = name;
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder streams =
            new StringBuilder("round,leg,part,stream,events,gap_p50_ms,gap_max_ms,way_p50_ms,way_max_ms\n");
    private final StringBuilder held = new StringBuilder("| leg | round | stalled streams, bytes read in the end |"
            + " buffered before | largest, all streams | stalled streams alone | direct memory before | largest |\n"
            + "| --- | --- | --- | --- | --- | --- | --- | --- |\n");

    void add(int round, String name, StreamRun.Leg leg) {
        part(name, "quiet").usages.add(leg.quiet());
        part(name, "stalled").usages.add(leg.stalling());
        for (int i = 0; i < leg.paced().size(); i++) {
            add(round, name, "quiet", i, leg.paced().get(i), leg.openNanos(), leg.stallNanos());
            add(round, name, "stalled", i, leg.paced().get(i), leg.stallNanos(), leg.endNanos());
        }
        StreamRun.Held figures = leg.held();
        held.append(String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d | %d | %d |%n",
                name,
                round,
                leg.stalledRead(),
                figures.before(),
                figures.largest(),
                figures.last(),
                figures.directBefore(),
                figures.directLargest()));
    }

    private void add(
            int round, String leg, String part, int stream, NeighbourRun.Arrivals arrivals, long from, long to) {
        long[] came = arrivals.cameNanos();
        long[] written = arrivals.writtenNanos();
        long[] gaps = new long[came.length];
        long[] ways = new long[came.length];
        int events = 0;
        for (int i = 1; i < came.length; i++) {
            // By the time it was written: one that the stall held back belongs to the stall.
            if (written[i] - from >= 0 && to - written[i] > 0) {
                gaps[events] = came[i] - came[i - 1];
                ways[events] = came[i] - written[i];
                events++;
            }
        }
        gaps = Arrays.copyOf(gaps, events);
        ways = Arrays.copyOf(ways, events);
        Part all = part(leg, part);
        all.gaps.add(gaps);
        all.ways.add(ways);
        Arrays.sort(gaps);
        Arrays.sort(ways);
        streams.append(round + "," + leg + "," + part + "," + stream + "," + events + "," + percentile(gaps, 0.5) + ","
                + percentile(gaps, 1) + "," + percentile(ways, 0.5) + "," + percentile(ways, 1) + "\n");
    }

    private Part part(String leg, String name) {
        for (Part each : parts) {
            if (each.leg.equals(leg) && each.name.equals(name)) {
                return each;
            }
        }
        Part added = new Part(leg, name);
        parts.add(added);
        return added;
    }

    /** Markdown: one row for each leg and part, and what was held. */
    String tables() {
        StringBuilder out = new StringBuilder("| leg | part | events | way ms p50 | p90 | p99 | p99.9 | largest |"
                + " gap ms p50 | p90 | p99 | p99.9 | largest | CPU proxy | CPU provider and clients |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for (Part each : parts) {
            long[] ways = sorted(each.ways);
            long[] gaps = sorted(each.gaps);
            out.append("| " + each.leg + " | " + each.name + " | " + ways.length + " |");
            for (long[] values : List.of(ways, gaps)) {
                for (double share : SHARES) {
                    out.append(' ').append(percentile(values, share)).append(" |");
                }
            }
            out.append(String.format(
                    Locale.ROOT,
                    " %.0f %% | %.0f %% |%n",
                    100
                            * each.usages.stream()
                                    .mapToDouble(StreamRun.Usage::proxy)
                                    .average()
                                    .orElse(0),
                    100
                            * each.usages.stream()
                                    .mapToDouble(StreamRun.Usage::load)
                                    .average()
                                    .orElse(0)));
        }
        return out.append('\n').append(held).toString();
    }

    private static long[] sorted(List<long[]> values) {
        return values.stream().flatMapToLong(LongStream::of).sorted().toArray();
    }

    private static String percentile(long[] sorted, double share) {
        if (sorted.length == 0) {
            return "";
        }
        long nanos = sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
        return String.format(Locale.ROOT, "%.2f", nanos / NANOS_PER_MILLI);
    }

    /** Every stream of every leg. */
    String csv() {
        return streams.toString();
    }
}
