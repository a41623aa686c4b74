package dev.slipstream.bench.distance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** The rows of one setting as a table in Markdown. */
final class CallTable {
    private final List<CallRecord> records;

    CallTable(List<CallRecord> records) {
        this.records = records;
    }

    /** Times in milliseconds; the ratio is of the medians of the last byte, to the cold direct call of the same row group. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("| setting | idle s | body B | kind | calls | first byte ms, median (min to max) "
                + "| last byte ms, median (min to max) | to direct-cold |");
        lines.add("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (String setting :
                new TreeSet<>(records.stream().map(CallRecord::setting).toList())) {
            for (int idle :
                    new TreeSet<>(records.stream().map(CallRecord::idleSeconds).toList())) {
                for (int bytes : new TreeSet<>(
                        records.stream().map(CallRecord::bodyBytes).toList())) {
                    for (CallKind kind : CallKind.values()) {
                        addLine(lines, setting, idle, bytes, kind);
                    }
                }
            }
        }
        return lines;
    }

    private void addLine(List<String> lines, String setting, int idle, int bytes, CallKind kind) {
        List<Long> first = sorted(setting, idle, bytes, kind, CallTimes::firstByteNanos);
        List<Long> last = sorted(setting, idle, bytes, kind, CallTimes::lastByteNanos);
        if (last.isEmpty()) {
            return;
        }
        List<Long> cold = sorted(setting, idle, bytes, CallKind.DIRECT_COLD, CallTimes::lastByteNanos);
        String ratio = cold.isEmpty() ? "" : String.format(Locale.ROOT, "%.3f", median(last) / median(cold));
        lines.add("| " + setting + " | " + idle + " | " + bytes + " | " + kind.word() + " | " + last.size() + " | "
                + spread(first) + " | " + spread(last) + " | " + ratio + " |");
    }

    private List<Long> sorted(String setting, int idle, int bytes, CallKind kind, ToLongFunction<CallTimes> time) {
        return records.stream()
                .filter(r -> r.setting().equals(setting)
                        && r.idleSeconds() == idle
                        && r.bodyBytes() == bytes
                        && r.kind() == kind)
                .map(r -> time.applyAsLong(r.times()))
                .sorted()
                .toList();
    }

    /** Of a sorted list that is not empty; between the two in the middle where there are two. */
    static double median(List<Long> sorted) {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
    }

    private static String spread(List<Long> sorted) {
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f to %.2f)",
                median(sorted) / 1e6,
                sorted.get(0) / 1e6,
                sorted.get(sorted.size() - 1) / 1e6);
    }
}
