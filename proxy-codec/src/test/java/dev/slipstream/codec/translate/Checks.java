package dev.slipstream.codec.translate;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the validators of both dialects are made of. */
final class Checks {
    /** Why a request is not accepted. */
    static final class Rejected extends RuntimeException {
        Rejected(String why) {
            super(why);
        }
    }

    private Checks() {}

    static void that(boolean isAsItShould, String what) {
        if (!isAsItShould) {
            throw new Rejected(what);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(@Nullable Object value, String what) {
        if (value instanceof Map) {
            return (Map<String, Object>) value;
        }
        throw new Rejected(what + " must be an object");
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(@Nullable Object value, String what) {
        if (value instanceof List) {
            return (List<Object>) value;
        }
        throw new Rejected(what + " must be a list");
    }

    static String text(@Nullable Object value, String what) {
        if (value instanceof String text) {
            return text;
        }
        throw new Rejected(what + " must be a string");
    }

    static String matching(@Nullable Object value, String pattern, String what) {
        String text = text(value, what);
        that(text.matches(pattern), what + " must match " + pattern + ": " + text);
        return text;
    }

    static double number(@Nullable Object value, double least, double most, String what) {
        double number = decimal(value, what).doubleValue();
        that(number >= least && number <= most, what + " must lie in " + least + ".." + most + ": " + number);
        return number;
    }

    static long whole(@Nullable Object value, long least, String what) {
        BigDecimal number = decimal(value, what);
        that(number.precision() - number.scale() <= 18, what + " is too large");
        that(number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0, what + " must be whole: " + number);
        that(number.longValue() >= least, what + " must be at least " + least + ": " + number);
        return number.longValue();
    }

    private static BigDecimal decimal(@Nullable Object value, String what) {
        if (value instanceof BigDecimal number) {
            return number;
        }
        throw new Rejected(what + " must be a number");
    }

    static void keys(Map<String, Object> object, Set<String> allowed, String what) {
        for (String key : object.keySet()) {
            that(allowed.contains(key), what + " has the unknown member " + key);
        }
    }

    static void oneOf(@Nullable Object value, Set<String> words, String what) {
        that(value instanceof String word && words.contains(word), what + " must be one of " + words + ": " + value);
    }
}
