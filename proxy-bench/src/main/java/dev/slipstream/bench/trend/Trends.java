package dev.slipstream.bench.trend;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench trend}: growth per hour of the figures in a file of samples; the part of {@code scripts/soak} that reckons. */
@Command(
        name = "trend",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "The growth per hour of each figure in a CSV file of samples, whose first column is the time in seconds: the slope",
            "of the line of least squares, and its standard error, which takes into account that neighbours are alike.",
            "Figures whose names end with _bytes are told in MB."
        })
public final class Trends implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the samples")
    private Path samples = Path.of("");

    @Option(
            names = "--from",
            paramLabel = "S",
            description = "leaves out what was before, which is warm-up; default: 0")
    private double fromSeconds;

    @Option(names = "--csv", description = "print lines for scripts instead of the table")
    private boolean csv;

    @Option(names = "--plot", paramLabel = "FILE", description = "write a plot over time there (SVG)")
    private @Nullable Path plot;

    @Option(names = "--title", paramLabel = "TEXT", description = "of the plot; default: growth")
    private String title = "growth";

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        List<Series> all = Series.read(samples);
        List<@Nullable Trend> trends = new ArrayList<>();
        TimePlot drawn = new TimePlot(title, fromSeconds);
        for (Series series : all) {
            Trend trend = Trend.of(series, fromSeconds);
            trends.add(trend);
            drawn.add(series, trend);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(csv ? csv(all, trends) : table(all, trends));
        out.flush();
        if (plot != null) {
            Files.writeString(plot, drawn.svg());
        }
        return 0;
    }

    /** A figure that is not known is empty. */
    private static String csv(List<Series> all, List<@Nullable Trend> trends) {
        StringBuilder out = new StringBuilder("name,unit,samples,per_hour,standard_error\n");
        for (int i = 0; i < all.size(); i++) {
            Trend trend = trends.get(i);
            out.append(all.get(i).name()).append(',').append(all.get(i).unit()).append(',');
            out.append(
                    trend == null
                            ? all.get(i).size() + ",,"
                            : String.format(
                                    Locale.ROOT,
                                    "%d,%.4f,%.4f",
                                    trend.samples(),
                                    trend.perHour(),
                                    trend.standardError()));
            out.append('\n');
        }
        return out.toString();
    }

    /** To three digits, and never a zero with a sign. */
    static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3 + 0.0;
    }

    private static String table(List<Series> all, List<@Nullable Trend> trends) {
        StringBuilder out =
                new StringBuilder("| figure | samples | first | last | growth per hour | standard error |\n");
        out.append("| --- | --- | --- | --- | --- | --- |\n");
        for (int i = 0; i < all.size(); i++) {
            Series series = all.get(i);
            Trend trend = trends.get(i);
            out.append("| ").append(series.text());
            out.append(series.unit().isEmpty() ? "" : ", " + series.unit()).append(" | ");
            if (trend == null) {
                out.append(series.size()).append(" | – | – | – | – |\n");
            } else {
                out.append(String.format(
                        Locale.ROOT,
                        "%d | %.2f | %.2f | %+.3f | %.3f |%n",
                        trend.samples(),
                        series.value(series.size() - trend.samples()),
                        series.value(series.size() - 1),
                        rounded(trend.perHour()),
                        trend.standardError()));
            }
        }
        return out.toString();
    }
}
