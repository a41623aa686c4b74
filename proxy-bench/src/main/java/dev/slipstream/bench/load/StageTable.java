package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.metrics.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a proxy's own histograms say of the times that were measured: for each stage how often and how long on average, from the
 * sums before and after each leg, and percentiles of the window that ended with the last leg.
 */
final class StageTable {
    private static final Pattern LINE =
            Pattern.compile("slipstream_(stage|request)_seconds(_sum|_count)?(?:\\{(.*)})? (\\S+)");
    private static final Pattern STAGE = Pattern.compile("stage=\"([^\"]*)\"");
    private static final Pattern QUANTILE = Pattern.compile("quantile=\"([^\"]*)\"");
    private static final String WHOLE = "request, first byte to last";
    private static final int LIMIT_MILLIS = 5000;
    /** The proxy gathers what its loops counted once a second. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

    private static final double MICROS_PER_SECOND = 1e6;

    /** One summary: seconds. */
    private static final class Summary {
        private double sum;
        private double count;
        private final Map<String, Double> quantiles = new HashMap<>();
    }

    /** Summaries by name, in the proxy's order. */
    record Reading(List<String> names, Map<String, Double> values) {
        double value(String name) {
            return values.getOrDefault(name, 0.0);
        }
    }

    private final URI metrics;
    private final Map<String, Summary> summaries = new HashMap<>();

    /** @param admin base URL of the admin listener */
    StageTable(URI admin) {
        this.metrics = admin.resolve("/metrics");
    }

    /** Waits until the proxy has gathered what was, then reads. */
    Reading read() throws IOException {
        long end = System.nanoTime() + TICK_NANOS;
        for (long left = TICK_NANOS; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        HttpURLConnection connection = (HttpURLConnection) metrics.toURL().openConnection();
        connection.setConnectTimeout(LIMIT_MILLIS);
        connection.setReadTimeout(LIMIT_MILLIS);
        connection.setRequestProperty("accept", "text/plain");
        try (InputStream in = connection.getInputStream()) {
            return parse(new String(in.readAllBytes(), UTF_8));
        } finally {
            connection.disconnect();
        }
    }

    /** @param text Prometheus's */
    static Reading parse(String text) {
        List<String> names = new ArrayList<>();
        Map<String, Double> values = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            String labels = matcher.group(3) == null ? "" : matcher.group(3);
            Matcher stage = STAGE.matcher(labels);
            Matcher quantile = QUANTILE.matcher(labels);
            String name = matcher.group(1).equals("request") ? WHOLE : stage.find() ? stage.group(1) : "";
            String what = matcher.group(2) == null ? (quantile.find() ? quantile.group(1) : "") : matcher.group(2);
            if (name.isEmpty() || what.isEmpty()) {
                continue;
            }
            if (!names.contains(name)) {
                names.add(name);
            }
            values.put(name + what, Double.parseDouble(matcher.group(4)));
        }
        return new Reading(names, values);
    }

    /** A leg was between the two. */
    void add(Reading before, Reading after) {
        for (String name : after.names()) {
            Summary summary = summaries.computeIfAbsent(name, any -> new Summary());
            summary.sum += after.value(name + "_sum") - before.value(name + "_sum");
            summary.count += after.value(name + "_count") - before.value(name + "_count");
            for (String of : List.of("0.5", "0.95", "0.99", "0.999")) {
                Double value = after.values().get(name + of);
                if (value != null) {
                    summary.quantiles.put(of, value);
                }
            }
        }
    }

    /** Markdown, stages in the order in which a request meets them; those that none entered are left out. */
    String table() {
        StringBuilder out = new StringBuilder("| Slipstream's stage, µs | times | mean | p50 | p95 | p99 | p99.9 |\n");
        out.append("| --- | --- | --- | --- | --- | --- | --- |\n");
        List<String> inOrder = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            inOrder.add(stage.label());
        }
        inOrder.add(WHOLE);
        for (String name : inOrder) {
            Summary summary = summaries.get(name);
            if (summary == null || summary.count < 1) {
                continue;
            }
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.2f",
                    name,
                    summary.count,
                    summary.sum / summary.count * MICROS_PER_SECOND));
            for (String of : List.of("0.5", "0.95", "0.99", "0.999")) {
                Double value = summary.quantiles.get(of);
                out.append(
                        value == null || value.isNaN()
                                ? " | –"
                                : String.format(Locale.ROOT, " | %.1f", value * MICROS_PER_SECOND));
            }
            out.append(" |\n");
        }
        return out.toString();
    }
}
