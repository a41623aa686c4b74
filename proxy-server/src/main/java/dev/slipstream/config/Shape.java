package dev.slipstream.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** What may stand where in a configuration file: the table of settings as a tree. */
sealed interface Shape {
    /** A value. */
    record Scalar(Setting setting) implements Shape {}

    /** A map with known keys. */
    record Fields(Map<String, Shape> fields) implements Shape {}

    /** A map whose keys the user chooses. */
    record Named(Shape of) implements Shape {}

    /** A list. */
    record Listed(Shape of) implements Shape {}

    /** The whole file. */
    static Fields ofFile() {
        Fields root = new Fields(new LinkedHashMap<>());
        for (Setting setting : Settings.all()) {
            add(root, setting.path(), setting);
        }
        return root;
    }

    private static void add(Fields parent, String rest, Setting setting) {
        int dot = rest.indexOf('.');
        if (dot < 0) {
            parent.fields().put(rest, new Scalar(setting));
            return;
        }
        String key = rest.substring(0, dot);
        String below = rest.substring(dot + 1);
        if (below.startsWith("*.")) {
            Named named = (Named) parent.fields().computeIfAbsent(key, k -> new Named(newFields()));
            add((Fields) named.of(), below.substring(2), setting);
        } else if (below.startsWith("[].")) {
            Listed listed = (Listed) parent.fields().computeIfAbsent(key, k -> new Listed(newFields()));
            add((Fields) listed.of(), below.substring(3), setting);
        } else if (below.equals("*")) {
            parent.fields().put(key, new Named(new Scalar(setting)));
        } else {
            add((Fields) parent.fields().computeIfAbsent(key, k -> newFields()), below, setting);
        }
    }

    private static Fields newFields() {
        return new Fields(new LinkedHashMap<>());
    }
}
