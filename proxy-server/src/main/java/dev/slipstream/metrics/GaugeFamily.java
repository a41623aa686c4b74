package dev.slipstream.metrics;

import java.util.List;

/** The gauges of one name, as they were at the scrape. */
public record GaugeFamily(String name, String help, List<String> labelNames, List<Point> points) {
    /** One of them; the values stand in the order of the names. NaN if it could not be read. */
    public record Point(List<String> labelValues, double value) {}
}
