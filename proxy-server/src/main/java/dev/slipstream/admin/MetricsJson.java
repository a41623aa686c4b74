package dev.slipstream.admin;

import dev.slipstream.metrics.CounterFamily;
import dev.slipstream.metrics.GaugeFamily;
import dev.slipstream.metrics.MetricsSnapshot;
import dev.slipstream.metrics.SummaryValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Metrics as one JSON object, in the shape of the contract. Times in nanoseconds; whole numbers where they are. */
final class MetricsJson {
    private final MetricsSnapshot metrics;

    private MetricsJson(MetricsSnapshot metrics) {
        this.metrics = metrics;
    }

    static JsonMap of(MetricsSnapshot metrics) {
        MetricsJson json = new MetricsJson(metrics);
        return new JsonMap()
                .with("stages", json.stages())
                .with("request", summary(metrics.request()))
                .with("first_token", summary(metrics.firstToken()))
                .with("token_gap", summary(metrics.tokenGap()))
                .with("requests", json.requests())
                .with("failures", json.counterTree("slipstream_failures_total"))
                .with("tokens", json.counterTree("slipstream_tokens_total"))
                .with("http_client", json.httpClient())
                .with("connection_pool", json.connectionPool())
                .with("loops", json.loops())
                .with("clamped", json.counterTree("slipstream_clamped_total"))
                // Caching is not in this version; the members are there so that readers need no case for that.
                .with("cache", new JsonMap().with("enabled", false))
                .with("caches", new JsonMap())
                .with("system", SystemJson.system());
    }

    private JsonMap stages() {
        JsonMap stages = new JsonMap();
        metrics.stages().forEach((stage, values) -> stages.put(stage.label(), summary(values)));
        return stages;
    }

    private static JsonMap summary(SummaryValues values) {
        return new JsonMap()
                .with("count", values.count())
                .with("sum_nanos", values.sumNanos())
                .with("window_count", values.windowCount())
                .with("p50_nanos", values.p50Nanos())
                .with("p90_nanos", values.p90Nanos())
                .with("p95_nanos", values.p95Nanos())
                .with("p99_nanos", values.p99Nanos())
                .with("p999_nanos", values.p999Nanos())
                .with("max_nanos", values.maxNanos());
    }

    private JsonMap requests() {
        long total = 0;
        JsonMap byStatus = new JsonMap();
        List<JsonMap> series = new ArrayList<>();
        CounterFamily family = counter("slipstream_requests_total");
        if (family != null) {
            int statusLabel = family.labelNames().indexOf("status");
            for (CounterFamily.Point point : family.points()) {
                total += point.value();
                byStatus.merge(
                        point.labelValues().get(statusLabel), point.value(), (sum, more) -> (long) sum + (long) more);
                JsonMap one = new JsonMap();
                for (int i = 0; i < family.labelNames().size(); i++) {
                    one.put(family.labelNames().get(i), point.labelValues().get(i));
                }
                series.add(one.with("count", point.value()));
            }
        }
        return new JsonMap()
                .with("total", total)
                .withKnown("in_flight", whole(gaugeValue("slipstream_in_flight")))
                .withKnown("client_connections", whole(gaugeValue("slipstream_client_connections")))
                .withKnown("buffered_bytes", whole(gaugeValue("slipstream_buffered_bytes")))
                .with("by_status", byStatus)
                .with("series", series);
    }

    private JsonMap httpClient() {
        return new JsonMap()
                .with("attempts", counterTree("slipstream_attempts_total"))
                .with("acquired", counterTree("slipstream_upstream_acquired_total"))
                .withKnown("connection_reuse_ratio", gaugeValue("slipstream_upstream_connection_reuse_ratio"))
                .with("usage_unknown", counterTree("slipstream_usage_unknown_total"));
    }

    private JsonMap connectionPool() {
        return new JsonMap()
                .with("connections", gaugeTree("slipstream_upstream_connections"))
                .with("waiters", gaugeTree("slipstream_pool_waiters"));
    }

    private List<JsonMap> loops() {
        List<JsonMap> loops = new ArrayList<>();
        for (GaugeFamily family : metrics.gauges()) {
            if (family.name().equals("slipstream_loop_lag_seconds")) {
                for (GaugeFamily.Point point : family.points()) {
                    loops.add(new JsonMap()
                            .with("loop", point.labelValues().get(0))
                            .with("lag_nanos", Math.round(point.value() * 1e9)));
                }
            }
        }
        return loops;
    }

    /** A family as objects within objects, one level per label. */
    private JsonMap counterTree(String name) {
        JsonMap tree = new JsonMap();
        CounterFamily family = counter(name);
        if (family != null) {
            for (CounterFamily.Point point : family.points()) {
                hang(tree, point.labelValues(), point.value());
            }
        }
        return tree;
    }

    private JsonMap gaugeTree(String name) {
        JsonMap tree = new JsonMap();
        for (GaugeFamily family : metrics.gauges()) {
            if (family.name().equals(name)) {
                for (GaugeFamily.Point point : family.points()) {
                    hang(tree, point.labelValues(), whole(point.value()));
                }
            }
        }
        return tree;
    }

    private static void hang(JsonMap tree, List<String> path, long value) {
        JsonMap at = tree;
        for (String label : path.subList(0, path.size() - 1)) {
            at = at.child(label);
        }
        at.put(path.get(path.size() - 1), value);
    }

    private @Nullable CounterFamily counter(String name) {
        for (CounterFamily family : metrics.counters()) {
            if (family.name().equals(name)) {
                return family;
            }
        }
        return null;
    }

    /** The gauge without labels of that name; NaN if nobody registered it. */
    private double gaugeValue(String name) {
        for (GaugeFamily family : metrics.gauges()) {
            if (family.name().equals(name) && family.points().size() == 1) {
                return family.points().get(0).value();
            }
        }
        return Double.NaN;
    }

    private static long whole(double value) {
        return Double.isNaN(value) ? ProcessFigures.UNKNOWN : Math.round(value);
    }
}
