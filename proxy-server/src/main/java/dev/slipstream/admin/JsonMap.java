package dev.slipstream.admin;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** A JSON object being built: members in the order in which they are put, figures that are not known left out. */
final class JsonMap extends LinkedHashMap<String, @Nullable Object> {
    JsonMap with(String name, @Nullable Object value) {
        put(name, value);
        return this;
    }

    /** Adds a figure unless it is {@link ProcessFigures#UNKNOWN}. */
    JsonMap withKnown(String name, long value) {
        return value < 0 ? this : with(name, value);
    }

    /** Adds a figure unless it is NaN. */
    JsonMap withKnown(String name, double value) {
        return Double.isNaN(value) ? this : with(name, value);
    }

    /** Returns the object under {@code name}, made if there is none. */
    JsonMap child(String name) {
        if (get(name) instanceof JsonMap child) {
            return child;
        }
        JsonMap child = new JsonMap();
        put(name, child);
        return child;
    }
}
