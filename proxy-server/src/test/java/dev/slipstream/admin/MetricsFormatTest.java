package dev.slipstream.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MetricsFormatTest {
    @Test
    void textIsForThoseWhoAskForItOrForNothing() {
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of(null));
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of("*/*"));
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of("text/plain;version=0.0.4"));
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of("text/html,application/xml;q=0.9,*/*;q=0.8"));
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of("image/png"));
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of(";;,,q=,"));
    }

    @Test
    void aScraperGetsOpenMetricsWhenItPrefersIt() {
        String prometheus = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;q=0.6,"
                + "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
        assertEquals(MetricsFormat.OPEN_METRICS, MetricsFormat.of(prometheus));
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of("application/openmetrics-text;q=0.5, text/plain"));
    }

    @Test
    void jsonIsForThoseWhoAskForIt() {
        assertEquals(MetricsFormat.JSON, MetricsFormat.of("application/json"));
        assertEquals(MetricsFormat.JSON, MetricsFormat.of("Application/JSON, text/plain, */*"));
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of("application/json;q=0"));
        assertEquals(MetricsFormat.PROMETHEUS_TEXT, MetricsFormat.of("application/json;q=x"));
    }
}
