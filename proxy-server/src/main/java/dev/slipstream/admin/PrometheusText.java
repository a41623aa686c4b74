package dev.slipstream.admin;

import dev.slipstream.metrics.CounterFamily;
import dev.slipstream.metrics.GaugeFamily;
import dev.slipstream.metrics.MetricsSnapshot;
import dev.slipstream.metrics.SummaryValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Metrics in the two text formats that scrapers read. */
final class PrometheusText {
    private static final int FIRST_CAPACITY = 32 * 1024;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Made at the first scrape, not at start. */
    private static final class Lazy {
        static final ExpositionFormatWriter TEXT = PrometheusTextFormatWriter.create();
        static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();
    }

    private PrometheusText() {}

    static AdminResponse response(MetricsSnapshot metrics, boolean openMetrics) {
        ExpositionFormatWriter writer = openMetrics ? Lazy.OPEN_METRICS : Lazy.TEXT;
        ByteArrayOutputStream body = new ByteArrayOutputStream(FIRST_CAPACITY);
        try {
            writer.write(body, snapshots(metrics));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return new AdminResponse(HttpResponseStatus.OK, writer.getContentType(), body.toByteArray(), null, null);
    }

    private static MetricSnapshots snapshots(MetricsSnapshot metrics) {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        SummarySnapshot.Builder stages =
                SummarySnapshot.builder().name("slipstream_stage_seconds").help("Time of a request in a stage");
        metrics.stages().forEach((stage, values) -> stages.dataPoint(point(values, Labels.of("stage", stage.label()))));
        snapshots.add(stages.build());
        snapshots.add(summary(
                "slipstream_request_seconds", "First byte of a request to the last of its answer", metrics.request()));
        snapshots.add(summary(
                "slipstream_first_token_seconds",
                "First byte of a request to the first token of its answer",
                metrics.firstToken()));
        snapshots.add(
                summary("slipstream_token_gap_seconds", "Time between two tokens of an answer", metrics.tokenGap()));
        metrics.counters().forEach(family -> snapshots.add(counter(family)));
        metrics.gauges().forEach(family -> snapshots.add(gauge(family)));
        ProcessSnapshots.addTo(snapshots);
        return new MetricSnapshots(snapshots);
    }

    private static SummarySnapshot summary(String name, String help, SummaryValues values) {
        return SummarySnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(values, Labels.EMPTY))
                .build();
    }

    private static SummaryDataPointSnapshot point(SummaryValues values, Labels labels) {
        boolean empty = values.windowCount() == 0;
        return SummaryDataPointSnapshot.builder()
                .labels(labels)
                .count(values.count())
                .sum(values.sumNanos() / NANOS_PER_SECOND)
                .quantiles(Quantiles.builder()
                        .quantile(0.5, seconds(values.p50Nanos(), empty))
                        .quantile(0.9, seconds(values.p90Nanos(), empty))
                        .quantile(0.95, seconds(values.p95Nanos(), empty))
                        .quantile(0.99, seconds(values.p99Nanos(), empty))
                        .quantile(0.999, seconds(values.p999Nanos(), empty))
                        .build())
                .build();
    }

    /** A quantile of nothing is NaN, as Prometheus' own clients have it. */
    private static double seconds(long nanos, boolean empty) {
        return empty ? Double.NaN : nanos / NANOS_PER_SECOND;
    }

    private static CounterSnapshot counter(CounterFamily family) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                // The writer adds the ending, and refuses a name that has it.
                .name(family.name().substring(0, family.name().length() - "_total".length()))
                .help(family.help());
        for (CounterFamily.Point point : family.points()) {
            counter.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(Labels.of(family.labelNames(), point.labelValues()))
                    .value((double) point.value())
                    .build());
        }
        return counter.build();
    }

    private static GaugeSnapshot gauge(GaugeFamily family) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(family.name()).help(family.help());
        for (GaugeFamily.Point point : family.points()) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of(family.labelNames(), point.labelValues()))
                    .value(point.value())
                    .build());
        }
        return gauge.build();
    }
}
