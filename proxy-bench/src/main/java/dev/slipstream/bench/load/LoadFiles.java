package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** What scripts read: lines and files of reports. */
public final class LoadFiles {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final int TICKS_PER_HALF = 5;

    private LoadFiles() {}

    static String csvHead() {
        StringBuilder out = new StringBuilder("name,metric,samples");
        for (double of : LoadReport.QUANTILES) {
            out.append(",p").append(LoadReport.percent(of)).append("_us");
        }
        return out.append(",max_us,requests,ok,refused\n").toString();
    }

    /** One line for each time that was recorded; a percentile that is refused is empty. */
    static String csv(String name, LoadReport report) {
        StringBuilder out = new StringBuilder();
        Quantile.Refusal refusal = report.refusal();
        for (Metric metric : Metric.values()) {
            Histogram histogram = report.results().histogram(metric);
            if (histogram.getTotalCount() == 0) {
                continue;
            }
            out.append(name).append(',').append(metric.label()).append(',').append(histogram.getTotalCount());
            for (double of : LoadReport.QUANTILES) {
                Quantile quantile = report.quantile(metric, of);
                out.append(',').append(quantile.isTold() ? micros(quantile.nanos()) : "");
            }
            out.append(',').append(micros(histogram.getMaxValue()));
            out.append(',').append(report.results().requests());
            out.append(',').append(report.results().count(Outcome.OK));
            out.append(',')
                    .append(refusal == null ? "" : refusal.name().toLowerCase(Locale.ROOT))
                    .append('\n');
        }
        return out.toString();
    }

    /** One object; a percentile that is refused is null. */
    static String json(LoadReport report) {
        LoadResults results = report.results();
        Quantile.Refusal refusal = report.refusal();
        StringBuilder out = new StringBuilder("{\"run\":").append(text(report.heading()));
        out.append(",\"refused\":")
                .append(refusal == null ? "null" : text(refusal.name().toLowerCase(Locale.ROOT)));
        out.append(String.format(Locale.ROOT, ",\"seconds\":%.3f", report.seconds()));
        out.append(",\"requests\":").append(results.requests()).append(",\"outcomes\":{");
        String comma = "";
        for (Outcome outcome : Outcome.values()) {
            if (results.count(outcome) > 0) {
                out.append(comma).append(text(outcome.label())).append(':').append(results.count(outcome));
                comma = ",";
            }
        }
        out.append("},\"request_bytes\":").append(results.requestBytes());
        out.append(",\"answer_bytes\":").append(results.answerBytes());
        out.append(",\"reconnects\":").append(results.reconnects()).append(",\"times\":{");
        comma = "";
        for (Metric metric : Metric.values()) {
            Histogram histogram = results.histogram(metric);
            if (histogram.getTotalCount() == 0) {
                continue;
            }
            out.append(comma)
                    .append(text(metric.label()))
                    .append(":{\"samples\":")
                    .append(histogram.getTotalCount());
            for (double of : LoadReport.QUANTILES) {
                Quantile quantile = report.quantile(metric, of);
                out.append(",\"p")
                        .append(LoadReport.percent(of).replace(".", ""))
                        .append("_nanos\":");
                out.append(quantile.isTold() ? Long.toString(quantile.nanos()) : "null");
            }
            out.append(",\"max_nanos\":").append(histogram.getMaxValue()).append('}');
            comma = ",";
        }
        return out.append("}}\n").toString();
    }

    private static String text(String of) {
        return '"' + of.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MICRO);
    }

    /**
     * Writes the histograms: {@code NAME.hlog}, one line for each time (nanoseconds), tagged by its name, and {@code NAME.METRIC.hgrm},
     * the percentile distribution of each (microseconds).
     */
    public static void histograms(Path folder, String name, LoadResults results) throws IOException {
        Files.createDirectories(folder);
        try (PrintStream file =
                new PrintStream(Files.newOutputStream(folder.resolve(name + ".hlog")), false, US_ASCII)) {
            HistogramLogWriter log = new HistogramLogWriter(file);
            log.outputComment("[times in nanoseconds; one line for each, by its tag]");
            log.outputLogFormatVersion();
            log.outputLegend();
            for (Metric metric : Metric.values()) {
                Histogram histogram = results.histogram(metric);
                if (histogram.getTotalCount() > 0) {
                    histogram.setTag(metric.label());
                    log.outputIntervalHistogram(histogram);
                }
            }
        }
        for (Metric metric : Metric.values()) {
            Histogram histogram = results.histogram(metric);
            if (histogram.getTotalCount() > 0) {
                Path file = folder.resolve(name + "." + metric.label() + ".hgrm");
                try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, UTF_8)) {
                    histogram.outputPercentileDistribution(out, TICKS_PER_HALF, NANOS_PER_MICRO);
                }
            }
        }
    }
}
