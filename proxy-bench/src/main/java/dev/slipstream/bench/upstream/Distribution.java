package dev.slipstream.bench.upstream;

import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * A figure that is drawn anew each time: a delay in nanoseconds, or a number of tokens. Immutable; the chance comes from whoever
 * draws, so that a seed decides all. What is drawn is never less than 0 and never more than an hour or a million.
 *
 * <table>
 * <caption>As text, with durations ({@code us ms s m h}; milliseconds without a unit) or numbers</caption>
 * <tr><td>{@code 20ms}</td><td>always the same</td></tr>
 * <tr><td>{@code uniform:10ms-30ms}</td><td>each as likely as the other</td></tr>
 * <tr><td>{@code normal:20ms:5ms}</td><td>mean and standard deviation; what would be negative is 0</td></tr>
 * <tr><td>{@code lognormal:200ms:0.5}</td><td>median, and the standard deviation of the logarithm</td></tr>
 * <tr><td>{@code lognormal:200ms:p99=900ms}</td><td>median and 99th percentile</td></tr>
 * <tr><td>{@code exponential:20ms}</td><td>mean</td></tr>
 * </table>
 */
public final class Distribution {
    /** The 99th percentile of the standard normal distribution. */
    private static final double NORMAL_P99 = 2.3263478740408408;

    private static final double MAX_NANOS = 1e9 * Duration.ofHours(1).toSeconds();
    private static final double MAX_COUNT = 1_000_000_000;

    private enum Shape {
        CONSTANT,
        UNIFORM,
        NORMAL,
        LOGNORMAL,
        EXPONENTIAL
    }

    private final Shape shape;
    private final double first;
    private final double second;
    private final double max;

    /**
     * @param first the constant, the least, the mean, the median, the mean
     * @param second the greatest, the standard deviation, that of the logarithm; else without meaning
     */
    private Distribution(Shape shape, double first, double second, double max) {
        if (!(first >= 0 && first <= max)) {
            throw new IllegalArgumentException("a distribution's first figure is out of range");
        }
        boolean fine = switch (shape) {
            case CONSTANT, EXPONENTIAL -> true;
            case UNIFORM -> second >= first && second <= max;
            case NORMAL -> second >= 0 && second <= max;
            case LOGNORMAL -> second >= 0 && second <= 10 && first > 0;
        };
        if (!fine) {
            throw new IllegalArgumentException("a distribution's second figure is out of range, or its median is 0");
        }
        this.shape = shape;
        this.first = first;
        this.second = second;
        this.max = max;
    }

    /** Always the same delay. */
    public static Distribution of(Duration delay) {
        return new Distribution(Shape.CONSTANT, delay.toNanos(), 0, MAX_NANOS);
    }

    /** Always the same number. */
    public static Distribution of(int count) {
        return new Distribution(Shape.CONSTANT, count, 0, MAX_COUNT);
    }

    /**
     * Of delays up to an hour, in nanoseconds.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static Distribution ofDelays(String text) {
        return parse(
                text,
                MAX_NANOS,
                Directives::nanos,
                "delays (20ms, uniform:A-B, normal:MEAN:SD, lognormal:MEDIAN:SIGMA,"
                        + " lognormal:MEDIAN:p99=P99, exponential:MEAN)");
    }

    /**
     * Of numbers up to a billion.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static Distribution ofCounts(String text) {
        return parse(
                text,
                MAX_COUNT,
                Double::parseDouble,
                "numbers (20, uniform:A-B, normal:MEAN:SD,"
                        + " lognormal:MEDIAN:SIGMA, lognormal:MEDIAN:p99=P99, exponential:MEAN)");
    }

    private static Distribution parse(String text, double max, ToDoubleFunction<String> unit, String wanted) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(":", -1);
        try {
            if (parts.length == 1) {
                return new Distribution(Shape.CONSTANT, unit.applyAsDouble(parts[0]), 0, max);
            }
            if (parts.length == 2 && parts[0].equals("exponential")) {
                return new Distribution(Shape.EXPONENTIAL, unit.applyAsDouble(parts[1]), 0, max);
            }
            if (parts.length == 2 && parts[0].equals("uniform")) {
                String[] bounds = parts[1].split("-", 2);
                double most = bounds.length == 2 ? unit.applyAsDouble(bounds[1]) : -1;
                return new Distribution(Shape.UNIFORM, unit.applyAsDouble(bounds[0]), most, max);
            }
            if (parts.length == 3 && parts[0].equals("normal")) {
                return new Distribution(Shape.NORMAL, unit.applyAsDouble(parts[1]), unit.applyAsDouble(parts[2]), max);
            }
            if (parts.length == 3 && parts[0].equals("lognormal")) {
                double median = unit.applyAsDouble(parts[1]);
                double sigma = parts[2].startsWith("p99=")
                        ? Math.log(unit.applyAsDouble(parts[2].substring("p99=".length())) / median) / NORMAL_P99
                        : Double.parseDouble(parts[2]);
                return new Distribution(Shape.LOGNORMAL, median, sigma, max);
            }
        } catch (IllegalArgumentException e) {
            // NumberFormatException too; told below, with what would have been right.
        }
        throw new IllegalArgumentException("'" + text + "' is no distribution of " + wanted);
    }

    /** A figure; the generator is used by a varying number of draws. */
    public long draw(RandomGenerator random) {
        double drawn = switch (shape) {
            case CONSTANT -> first;
            case UNIFORM -> first + (second - first) * random.nextDouble();
            case NORMAL -> first + second * random.nextGaussian();
            case LOGNORMAL -> first * Math.exp(second * random.nextGaussian());
            case EXPONENTIAL -> first * random.nextExponential();
        };
        return Math.round(Math.max(0, Math.min(max, drawn)));
    }
}
