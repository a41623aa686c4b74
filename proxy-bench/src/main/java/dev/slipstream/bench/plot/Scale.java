package dev.slipstream.bench.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An axis with its range: where a value lies, and which ticks there are. */
final class Scale {
    /**
     * @param major drawn darker
     * @param text may be empty
     */
    record Tick(double value, String text, boolean major) {}

    private static final int[] STEPS = {1, 2, 5};
    private static final int TICKS = 8;
    private static final double[] STEPS_OF_TIME = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400
    };
    /** Closer together than this share of the largest, values would be one flat line on an axis from 0. */
    private static final double CLOSE = 0.2;
    /** On more decades there is room for the texts of whole ones alone. */
    private static final int DECADES_IN_FULL = 4;

    private final Axis axis;
    private final double low;
    private final double high;
    private final double step;

    private Scale(Axis axis, double low, double high, double step) {
        this.axis = axis;
        this.low = low;
        this.high = high;
        this.step = step;
    }

    /** @param lowest above {@code highest}: there are no values */
    static Scale of(Axis axis, double lowest, double highest) {
        boolean empty = lowest > highest;
        return switch (axis.kind()) {
            case LINEAR -> empty ? linear(axis, 0, 1) : linear(axis, lowest, highest);
            case LOGARITHMIC -> {
                double low = round(empty ? 1 : Math.max(lowest, 1e-9), false);
                yield new Scale(axis, low, Math.max(round(empty ? 10 : highest * 1.05, true), low * 10), 0);
            }
            case PERCENTILE -> {
                double decades = empty ? 2 : Math.max(2, Math.ceil(Math.log10(highest) - 1e-9));
                yield new Scale(axis, 1, Math.pow(10, decades), 0);
            }
        };
    }

    private static Scale linear(Axis axis, double lowest, double highest) {
        double largest = Math.max(Math.abs(lowest), Math.abs(highest));
        boolean close = highest > lowest && highest - lowest < CLOSE * largest;
        double from = close ? lowest : Math.min(0, lowest);
        double to = close ? highest : Math.max(0, highest);
        if (from == to) {
            to = from + 1;
        }
        double step = step(axis, (to - from) / TICKS);
        // A line of time ends where it ends; the others have room up to the next tick.
        boolean time = axis.unit() == Axis.Unit.SECONDS;
        return new Scale(
                axis, Math.floor(from / step + 1e-9) * step, time ? to : Math.ceil(to / step - 1e-9) * step, step);
    }

    private static double step(Axis axis, double atLeast) {
        if (axis.unit() == Axis.Unit.SECONDS && atLeast > 0.5) {
            for (double step : STEPS_OF_TIME) {
                if (step >= atLeast) {
                    return step;
                }
            }
        }
        return round(atLeast, true);
    }

    /** To 1, 2 or 5 of a decade. */
    private static double round(double value, boolean up) {
        double decade = Math.pow(10, Math.floor(Math.log10(value)));
        double found = up ? decade * 10 : decade;
        for (int step : STEPS) {
            double at = step * decade;
            if (up && at >= value * (1 - 1e-9)) {
                return at;
            }
            if (!up && at <= value) {
                found = at;
            }
        }
        return found;
    }

    /** 0 at the axis's begin, 1 at its end; values beyond lie on them. */
    double share(double value) {
        double share = switch (axis.kind()) {
            case LINEAR -> (value - low) / (high - low);
            case LOGARITHMIC, PERCENTILE -> Math.log10(Math.max(value, low) / low) / Math.log10(high / low);
        };
        return Math.min(1, Math.max(0, share));
    }

    /** The axis's, and what a reader would not expect of it. */
    String label() {
        boolean fromZero = axis.kind() != Axis.Kind.LINEAR || low <= 0 || axis.unit() == Axis.Unit.SECONDS;
        return fromZero ? axis.label() : axis.label() + " (axis does not begin at 0)";
    }

    List<Tick> ticks() {
        return switch (axis.kind()) {
            case LINEAR -> linearTicks();
            case LOGARITHMIC -> logarithmicTicks();
            case PERCENTILE -> percentileTicks();
        };
    }

    private List<Tick> linearTicks() {
        List<Tick> ticks = new ArrayList<>();
        int count = (int) Math.floor((high - low) / step + 1e-6);
        for (int i = 0; i <= count; i++) {
            double at = low + i * step;
            if (Math.abs(at) < step * 1e-6) {
                at = 0;
            }
            ticks.add(new Tick(at, text(at), at == 0));
        }
        return ticks;
    }

    private List<Tick> logarithmicTicks() {
        List<Tick> ticks = new ArrayList<>();
        boolean inFull = Math.log10(high / low) <= DECADES_IN_FULL;
        for (double decade = Math.pow(10, Math.floor(Math.log10(low))); decade <= high * 1.001; decade *= 10) {
            for (int each : STEPS) {
                double at = each * decade;
                if (at >= low * 0.999 && at <= high * 1.001) {
                    ticks.add(new Tick(at, inFull || each == 1 ? text(at) : "", each == 1));
                }
            }
        }
        return ticks;
    }

    private List<Tick> percentileTicks() {
        List<Double> oneIns = new ArrayList<>(List.of(1.0, 2.0, 4.0));
        long decades = Math.round(Math.log10(high));
        for (int decade = 1; decade <= decades; decade++) {
            oneIns.add(Math.pow(10, decade));
            if (decade < decades && decades <= DECADES_IN_FULL) {
                oneIns.add(2 * Math.pow(10, decade));
            }
        }
        List<Tick> ticks = new ArrayList<>();
        for (double oneIn : oneIns) {
            ticks.add(new Tick(oneIn, plain((1 - 1 / oneIn) * 100, 6) + " %", false));
        }
        return ticks;
    }

    private String text(double value) {
        if (value == 0) {
            return "0";
        }
        return switch (axis.unit()) {
            case NONE -> number(value);
            case MICROSECONDS -> time(value);
            case SECONDS ->
                step >= 3600
                        ? plain(value / 3600, 3) + " h"
                        : step >= 60 ? plain(value / 60, 3) + " min" : plain(value, 6) + " s";
        };
    }

    private static String time(double micros) {
        if (Math.abs(micros) >= 1e6) {
            return plain(micros / 1e6, 3) + " s";
        }
        return Math.abs(micros) >= 1e3 ? plain(micros / 1e3, 3) + " ms" : plain(micros, 3) + " µs";
    }

    private static String number(double value) {
        double size = Math.abs(value);
        if (size >= 1e9) {
            return plain(value / 1e9, 3) + " G";
        }
        if (size >= 1e6) {
            return plain(value / 1e6, 3) + " M";
        }
        return size >= 1e4 ? String.format(Locale.ROOT, "%,.0f", value) : plain(value, 6);
    }

    /** Without needless digits. */
    private static String plain(double value, int digits) {
        String text = String.format(Locale.ROOT, "%." + digits + "f", value);
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        if (text.charAt(end - 1) == '.') {
            end--;
        }
        String found = text.substring(0, end);
        return found.equals("-0") ? "0" : found;
    }
}
