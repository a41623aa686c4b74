package dev.slipstream.config;

import java.util.List;

/**
 * One row of the table of settings.
 *
 * @param path keys from the root, joined by dots; {@code *} stands for any name, {@code []} for any element of a list
 * @param defaultText what holds when nothing is set, in the form a user would write; empty: nothing
 * @param min the least value in the kind's own unit (nanoseconds, bytes, a count)
 * @param max the greatest value in the kind's own unit
 * @param zeroIsOff whether 0 is allowed although it is less than {@code min}
 * @param choices the words of a {@link Kind#CHOICE}
 * @param description one sentence for the schema
 */
record Setting(
        String path,
        Kind kind,
        String defaultText,
        long min,
        long max,
        boolean zeroIsOff,
        List<String> choices,
        String description) {

    /** The last key of the path. */
    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Whether the setting stands outside lists and named maps, so that a variable can name it. */
    boolean isGlobal() {
        return path.indexOf('*') < 0 && path.indexOf('[') < 0;
    }

    /** Whether its value may be shown in a message. */
    boolean isShown() {
        return kind != Kind.SECRET && kind != Kind.URL;
    }

    Setting under(String prefix) {
        return new Setting(prefix + path, kind, defaultText, min, max, zeroIsOff, choices, description);
    }
}
