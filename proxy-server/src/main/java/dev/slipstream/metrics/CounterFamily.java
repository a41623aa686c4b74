package dev.slipstream.metrics;

import java.util.List;

/**
 * The counters of one name, since the start, all loops together.
 *
 * @param name as users see it, with {@code _total}
 */
public record CounterFamily(String name, String help, List<String> labelNames, List<Point> points) {
    /** One of them; the values stand in the order of the names. */
    public record Point(List<String> labelValues, long value) {}
}
