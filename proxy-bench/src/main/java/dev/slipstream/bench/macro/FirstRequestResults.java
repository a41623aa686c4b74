package dev.slipstream.bench.macro;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the first requests of many starts come to: medians over the starts of one variant. */
final class FirstRequestResults {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int[] NUMBERS = {1, 2, 10, 100, 1000};
    /** Request numbers, both inclusive. */
    private static final int[][] RANGES = {{2, 10}, {11, 100}, {101, 1000}};

    /** One start. Nanoseconds of each request, in order. */
    private record Start(String provider, boolean warmUp, int waitMillis, int number, List<Long> nanos) {
        double nanosOf(int request) {
            return nanos.get(request - 1);
        }

        double medianNanos(int[] range) {
            long[] sorted = nanos.subList(range[0] - 1, range[1]).stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            return sorted[sorted.length / 2];
        }

        double totalNanos() {
            return nanos.stream().mapToLong(Long::longValue).sum();
        }

        boolean isLike(Start other) {
            return provider.equals(other.provider) && warmUp == other.warmUp && waitMillis == other.waitMillis;
        }

        String label() {
            return number == 0
                    ? provider + " | without a proxy | "
                    : provider + " | " + (warmUp ? "warmed up" : "cold") + " | " + waitMillis + " ms";
        }
    }

    /** A column. */
    private record Figure(String name, ToDoubleFunction<Start> nanos) {}

    private final List<Figure> figures = new ArrayList<>();
    private final List<Start> starts = new ArrayList<>();

    /** @param requests of each start */
    FirstRequestResults(int requests) {
        for (int number : NUMBERS) {
            if (number <= requests) {
                figures.add(new Figure("request " + number, start -> start.nanosOf(number)));
            }
        }
        for (int[] range : RANGES) {
            if (range[1] <= requests) {
                figures.add(new Figure("median of " + range[0] + " to " + range[1], start -> start.medianNanos(range)));
            }
        }
        figures.add(new Figure("all " + requests + " together", Start::totalNanos));
    }

    /** @param start from 1; 0: there was no proxy */
    void add(String provider, boolean warmUp, int waitMillis, int start, long[] nanos) {
        starts.add(new Start(
                provider,
                warmUp,
                waitMillis,
                start,
                Arrays.stream(nanos).boxed().toList()));
    }

    /** Markdown: medians over the starts, and behind each pair what the warm-up makes of it. */
    String table() {
        StringBuilder out = new StringBuilder("| provider | | wait | starts |");
        figures.forEach(figure -> out.append(' ').append(figure.name()).append(" |"));
        out.append("\n| --- | --- | --- | --- |")
                .append(" --- |".repeat(figures.size()))
                .append('\n');
        List<Start> done = new ArrayList<>();
        for (Start first : starts) {
            if (done.stream().noneMatch(first::isLike)) {
                done.add(first);
                row(out, first);
            }
        }
        for (Start first : done) {
            if (first.number() > 0 && first.warmUp()) {
                ratios(out, first);
            }
        }
        return out.toString();
    }

    private void row(StringBuilder out, Start like) {
        out.append("| ")
                .append(like.label())
                .append(" | ")
                .append(likes(like, like.warmUp()).size())
                .append(" |");
        for (Figure figure : figures) {
            out.append(String.format(
                    Locale.ROOT, " %.2f |", median(likes(like, like.warmUp()), figure) / NANOS_PER_MILLI));
        }
        out.append('\n');
    }

    private void ratios(StringBuilder out, Start warm) {
        List<Start> cold = likes(warm, false);
        if (cold.isEmpty()) {
            return;
        }
        out.append("| ")
                .append(warm.provider())
                .append(" | warmed up / cold | ")
                .append(warm.waitMillis());
        out.append(" ms | |");
        for (Figure figure : figures) {
            out.append(String.format(Locale.ROOT, " %.2f |", median(likes(warm, true), figure) / median(cold, figure)));
        }
        out.append('\n');
    }

    private List<Start> likes(Start like, boolean warmUp) {
        return starts.stream()
                .filter(each -> each.provider().equals(like.provider())
                        && each.waitMillis() == like.waitMillis()
                        && each.warmUp() == warmUp)
                .toList();
    }

    private static double median(List<Start> of, Figure figure) {
        double[] sorted = of.stream().mapToDouble(figure.nanos()).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Each start, milliseconds. */
    String csv() {
        StringBuilder out = new StringBuilder("provider,warm_up,wait_ms,start");
        figures.forEach(figure ->
                out.append(',').append(figure.name().replace(' ', '_')).append("_ms"));
        out.append('\n');
        for (Start start : starts) {
            out.append(start.provider()).append(',').append(start.warmUp()).append(',');
            out.append(start.waitMillis()).append(',').append(start.number());
            for (Figure figure : figures) {
                out.append(String.format(Locale.ROOT, ",%.3f", figure.nanos().applyAsDouble(start) / NANOS_PER_MILLI));
            }
            out.append('\n');
        }
        return out.toString();
    }
}
