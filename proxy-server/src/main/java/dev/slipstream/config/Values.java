package dev.slipstream.config;

import java.util.Locale;

/** Reads and writes the text of single values. */
final class Values {
    private static final String[] DURATION_UNITS = {"ms", "s", "m", "h"};
    private static final long[] DURATION_NANOS = {1_000_000L, 1_000_000_000L, 60_000_000_000L, 3_600_000_000_000L};
    private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB"};
    private static final long[] SIZE_BYTES = {1L, 1L << 10, 1L << 20, 1L << 30};

    /** Digits before a fraction: enough for every range, too few for an overflow. */
    private static final int MAX_DIGITS = 12;

    private Values() {}

    /** The value in the setting's own unit, within its range. */
    static long number(Setting setting, String text) throws BadValueException {
        if (setting.kind() == Kind.COUNT_OR_AUTO && text.equals("auto")) {
            return 0;
        }
        long value = switch (setting.kind()) {
            case DURATION -> scaled(text, DURATION_UNITS, DURATION_NANOS, "a duration such as 250ms, 10s, 5m or 1h");
            case SIZE -> scaled(text, SIZE_UNITS, SIZE_BYTES, "a size such as 512B, 64KiB, 2MiB or 1GiB");
            case COUNT, COUNT_OR_AUTO -> whole(text, setting);
            case TEXT, SECRET, BOOLEAN, CHOICE, ADDRESS, URL -> throw new IllegalArgumentException(setting.path());
        };
        boolean isOff = value == 0 && setting.zeroIsOff();
        if (!isOff && (value < setting.min() || value > setting.max())) {
            throw new BadValueException("must lie between " + show(setting.kind(), setting.min()) + " and "
                    + show(setting.kind(), setting.max()) + (setting.zeroIsOff() ? ", or be 0 (off)" : ""));
        }
        return value;
    }

    private static long whole(String text, Setting setting) throws BadValueException {
        int digits = digits(text, 0);
        if (digits == 0 || digits != text.length() || digits > MAX_DIGITS) {
            throw new BadValueException(
                    setting.kind() == Kind.COUNT_OR_AUTO ? "must be auto or a whole number" : "must be a whole number");
        }
        return Long.parseLong(text);
    }

    private static long scaled(String text, String[] units, long[] factors, String form) throws BadValueException {
        int whole = digits(text, 0);
        int end = whole;
        if (whole > 0 && end < text.length() && text.charAt(end) == '.') {
            int fraction = digits(text, end + 1);
            end = fraction == 0 ? end : end + 1 + fraction;
        }
        String unit = text.substring(end).strip();
        if (whole == 0 || whole > MAX_DIGITS || end - whole > 4) {
            throw new BadValueException("must be " + form);
        }
        long factor = factor(unit, units, factors);
        long value = Long.parseLong(text.substring(0, whole));
        if (unit.isEmpty() && (value == 0 || factors[0] == 1) && end == whole) {
            // 0 needs no unit, and a size without one is in bytes; a duration without one would be a guess.
            return value;
        }
        if (factor == 0) {
            throw new BadValueException("must be " + form + (unit.isEmpty() ? "; the unit is missing" : ""));
        }
        if (value > Long.MAX_VALUE / factor / 2) {
            return Long.MAX_VALUE;
        }
        long result = value * factor;
        long place = factor;
        for (int i = whole + 1; i < end; i++) {
            place /= 10;
            result += (text.charAt(i) - '0') * place;
        }
        return result;
    }

    private static long factor(String unit, String[] units, long[] factors) {
        for (int i = 0; i < units.length; i++) {
            if (units[i].equals(unit)) {
                return factors[i];
            }
        }
        return 0;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - from;
    }

    static boolean truth(String text) throws BadValueException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw new BadValueException("must be true or false");
        };
    }

    static String choice(Setting setting, String text) throws BadValueException {
        if (!setting.choices().contains(text)) {
            throw new BadValueException("must be one of " + String.join(", ", setting.choices()) + "; the nearest is "
                    + NearestName.of(text, setting.choices()));
        }
        return text;
    }

    /** {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code :PORT}, which is every IPv4 address. */
    static HostPort address(String text) throws BadValueException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        int port = colon < 0 ? -1 : Hosts.port(text.substring(colon + 1));
        if (port < 0) {
            throw new BadValueException("must be HOST:PORT, [IPV6]:PORT or :PORT, with a port from 0 to 65535");
        }
        return new HostPort(host.isEmpty() ? "0.0.0.0" : Hosts.host(host), port);
    }

    /** The text that reads as the value. */
    static String show(Kind kind, long value) {
        return switch (kind) {
            case DURATION -> show(value, DURATION_UNITS, DURATION_NANOS);
            case SIZE -> show(value, SIZE_UNITS, SIZE_BYTES);
            case COUNT_OR_AUTO -> value == 0 ? "auto" : Long.toString(value);
            case COUNT, TEXT, SECRET, BOOLEAN, CHOICE, ADDRESS, URL -> Long.toString(value);
        };
    }

    private static String show(long value, String[] units, long[] factors) {
        if (value == 0) {
            return "0";
        }
        int unit = 0;
        for (int i = units.length - 1; i > 0; i--) {
            // 600s stays 600s: minutes are not how timeouts are compared.
            if (value % factors[i] == 0 && !units[i].equals("m")) {
                unit = i;
                break;
            }
        }
        return value / factors[unit] + units[unit];
    }
}
