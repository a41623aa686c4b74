package dev.slipstream.bench.macro;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What starts took, by program. */
final class StartResults {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, List<StartLeg.Times>> byName = new LinkedHashMap<>();
    private final StringBuilder csv = new StringBuilder("round,program,listens_ms,first_200_ms\n");

    void add(int round, String name, StartLeg.Times times) {
        byName.computeIfAbsent(name, any -> new ArrayList<>()).add(times);
        csv.append(round).append(',').append(name);
        csv.append(',').append(millis(times.listensNanos()));
        csv.append(',').append(millis(times.answeredNanos())).append('\n');
    }

    String csv() {
        return csv.toString();
    }

    /** Milliseconds; medians, and the least and the most. */
    String table() {
        StringBuilder table = new StringBuilder("| program | listens, ms | first 200, ms | least and most | starts |\n")
                .append("| --- | --- | --- | --- | --- |\n");
        byName.forEach((name, all) -> {
            long[] answered = sorted(all, StartLeg.Times::answeredNanos);
            table.append("| ").append(name).append(" | ");
            table.append(millis(median(sorted(all, StartLeg.Times::listensNanos))))
                    .append(" | ");
            table.append(millis(median(answered))).append(" | ");
            table.append(millis(answered[0])).append(" to ").append(millis(answered[answered.length - 1]));
            table.append(" | ").append(all.size()).append(" |\n");
        });
        return table.toString();
    }

    private static long[] sorted(List<StartLeg.Times> all, ToLongFunction<StartLeg.Times> figure) {
        return all.stream().mapToLong(figure).sorted().toArray();
    }

    private static long median(long[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MILLI);
    }
}
