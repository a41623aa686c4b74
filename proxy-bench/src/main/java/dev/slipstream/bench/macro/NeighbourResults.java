package dev.slipstream.bench.macro;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the legs of a run come to: gaps between the arrivals of a neighbour's events, and the events' time on the way. */
final class NeighbourResults {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String COLUMNS = "round,leg,part,neighbour,events,largest_gap_ms,largest_gap_at_provider_ms,"
            + "largest_way_ms,burst_megabytes_per_second\n";

    /** One neighbour in one part of a leg. Nanoseconds. */
    private record Row(
            int round,
            String leg,
            String part,
            int neighbour,
            int events,
            long gap,
            long providerGap,
            long way,
            double megabytesPerSecond) {}

    private final List<Row> rows = new ArrayList<>();
    /** All gaps and ways by leg and part, for the percentiles. */
    private final List<Part> parts = new ArrayList<>();

    private static final class Part {
        final String leg;
        final String name;
        final List<Long> gaps = new ArrayList<>();
        final List<Long> ways = new ArrayList<>();

        Part(String leg, String name) {
            this.leg = leg;
            this.name = name;
        }
    }

    void add(int round, String name, NeighbourRun.Leg leg) {
        double rate = leg.burstBytes() / 1e6 / leg.burst().seconds();
        for (int i = 0; i < leg.neighbours().size(); i++) {
            add(round, name, "quiet", i, leg.neighbours().get(i), leg.quiet(), 0);
            add(round, name, "burst", i, leg.neighbours().get(i), leg.burst(), rate);
        }
    }

    private void add(
            int round,
            String leg,
            String part,
            int neighbour,
            NeighbourRun.Arrivals arrivals,
            NeighbourRun.Span span,
            double rate) {
        long[] came = arrivals.cameNanos();
        long[] written = arrivals.writtenNanos();
        Part all = part(leg, part);
        long gap = 0;
        long providerGap = 0;
        long way = 0;
        int events = 0;
        for (int i = 1; i < came.length; i++) {
            // A gap belongs to a part that it shares any time with.
            if (came[i] - span.fromNanos() > 0 && span.toNanos() - came[i - 1] > 0) {
                events++;
                gap = Math.max(gap, came[i] - came[i - 1]);
                providerGap = Math.max(providerGap, written[i] - written[i - 1]);
                way = Math.max(way, came[i] - written[i]);
                all.gaps.add(came[i] - came[i - 1]);
                all.ways.add(came[i] - written[i]);
            }
        }
        rows.add(new Row(round, leg, part, neighbour, events, gap, providerGap, way, rate));
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

    /** Markdown. */
    String table() {
        StringBuilder out =
                new StringBuilder("| leg | part | events | burst MB/s, median | gap p50 ms | p99 | largest |"
                        + " largest gap at the provider | way p50 ms | p99 | largest |\n"
                        + "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for (Part each : parts) {
            List<Row> mine = rows.stream()
                    .filter(row -> row.leg().equals(each.leg) && row.part().equals(each.name))
                    .toList();
            double[] rates =
                    mine.stream().mapToDouble(Row::megabytesPerSecond).sorted().toArray();
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                    each.leg,
                    each.name,
                    mine.stream().mapToInt(Row::events).sum(),
                    each.name.equals("burst") ? String.format(Locale.ROOT, "%.0f", rates[rates.length / 2]) : "",
                    percentile(each.gaps, 0.5),
                    percentile(each.gaps, 0.99),
                    percentile(each.gaps, 1),
                    millis(mine.stream().mapToLong(Row::providerGap).max().orElse(0)),
                    percentile(each.ways, 0.5),
                    percentile(each.ways, 0.99),
                    percentile(each.ways, 1)));
        }
        return out.toString();
    }

    private static String percentile(List<Long> values, double share) {
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            return "";
        }
        return millis(sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / NANOS_PER_MILLI);
    }

    /** Every neighbour of every leg. */
    String csv() {
        StringBuilder out = new StringBuilder(COLUMNS);
        for (Row row : rows) {
            out.append(String.join(
                            ",",
                            Arrays.asList(
                                    Integer.toString(row.round()),
                                    row.leg(),
                                    row.part(),
                                    Integer.toString(row.neighbour()),
                                    Integer.toString(row.events()),
                                    millis(row.gap()),
                                    millis(row.providerGap()),
                                    millis(row.way()),
                                    String.format(Locale.ROOT, "%.0f", row.megabytesPerSecond()))))
                    .append('\n');
        }
        return out.toString();
    }
}
