package dev.slipstream.bench.plot;

/**
 * What an axis shows; its range comes from the values.
 *
 * @param label told beside it; with the unit, where ticks have none
 */
public record Axis(String label, Kind kind, Unit unit) {
    enum Kind {
        /** From 0, unless all values lie close together far from it; then the label says so. */
        LINEAR,
        /** From a round figure below the lowest to one above the highest; ten times at least. Values are above 0. */
        LOGARITHMIC,
        /** Values say that one in so many is beyond: 100 is the 99th percentile. */
        PERCENTILE
    }

    /** Of ticks. */
    public enum Unit {
        NONE,
        /** Told as µs, ms or s. */
        MICROSECONDS,
        /** Told as s, min or h. */
        SECONDS
    }

    public static Axis linear(String label, Unit unit) {
        return new Axis(label, Kind.LINEAR, unit);
    }

    public static Axis logarithmic(String label, Unit unit) {
        return new Axis(label, Kind.LOGARITHMIC, unit);
    }

    public static Axis percentile(String label) {
        return new Axis(label, Kind.PERCENTILE, Unit.NONE);
    }
}
