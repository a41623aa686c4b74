package dev.slipstream.bench.upstream;

import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads directives: {@code [[status=429 retry-after=1]]} in a text, and the figures in them. */
final class Directives {
    private static final Pattern BRACKETS = Pattern.compile("\\[\\[([^\\[\\]]*)]]");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|h)?");

    private Directives() {}

    /** Hands each directive of a text on, its name and its value; empty where it has none. */
    static void each(CharSequence text, BiConsumer<String, String> to) {
        Matcher matcher = BRACKETS.matcher(text);
        while (matcher.find()) {
            for (String directive : matcher.group(1).trim().split("\\s+")) {
                int equals = directive.indexOf('=');
                if (equals < 0) {
                    to.accept(directive, "");
                } else {
                    to.accept(directive.substring(0, equals), directive.substring(equals + 1));
                }
            }
        }
    }

    /** The text without its directives. */
    static String without(CharSequence text) {
        return BRACKETS.matcher(text).replaceAll("");
    }

    /** @throws IllegalArgumentException if it is no whole number from 0 on */
    static int number(String name, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the directive's name.
        }
        throw new IllegalArgumentException("directive " + name + " wants a number, not '" + value + "'");
    }

    /** Nanoseconds of a duration; milliseconds without a unit. */
    static double nanos(String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + value + "' is no duration");
        }
        double amount = Double.parseDouble(matcher.group(1));
        String unit = matcher.group(2);
        return switch (unit == null ? "ms" : unit) {
            case "us" -> amount * 1e3;
            case "s" -> amount * 1e9;
            case "m" -> amount * 60e9;
            case "h" -> amount * 3600e9;
            default -> amount * 1e6;
        };
    }
}
