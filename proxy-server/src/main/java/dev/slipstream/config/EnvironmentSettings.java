package dev.slipstream.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Lays the {@code SLIPSTREAM_*} variables over the file: {@code SLIPSTREAM_TIMEOUTS_CONNECT} is timeouts.connect. */
final class EnvironmentSettings {
    static final String PREFIX = "SLIPSTREAM_";

    /** Read by the launcher, before this process exists. */
    private static final Set<String> OF_THE_LAUNCHER = Set.of(
            "SLIPSTREAM_ARCHIVE",
            "SLIPSTREAM_HOME",
            "SLIPSTREAM_JAVA",
            "SLIPSTREAM_JAVA_HOME",
            "SLIPSTREAM_JAVA_OPTS",
            "SLIPSTREAM_OPTS",
            "SLIPSTREAM_PROFILE",
            "SLIPSTREAM_SKIP_BUILD");

    private EnvironmentSettings() {}

    /** The variable that sets a global setting. */
    static String variableOf(Setting setting) {
        return PREFIX + setting.path().toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** @param usedByFile variables that the file names, and that are therefore no mistake */
    static void apply(Entry.Section root, Map<String, String> environment, Set<String> usedByFile, Problems problems) {
        List<String> names = new ArrayList<>();
        for (String name : environment.keySet()) {
            if (name.startsWith(PREFIX) && !OF_THE_LAUNCHER.contains(name)) {
                names.add(name);
            }
        }
        if (names.isEmpty()) {
            return;
        }
        Collections.sort(names);
        Map<String, Setting> known = new LinkedHashMap<>();
        for (Setting setting : Settings.all()) {
            if (setting.isGlobal()) {
                known.put(variableOf(setting), setting);
            }
        }
        for (String name : names) {
            Setting setting = known.get(name);
            String text = environment.getOrDefault(name, "").strip();
            if (setting != null && !text.isEmpty()) {
                root.put(new Entry.Leaf(setting.path(), new Origin(name, 0), text, text, name));
            } else if (setting == null && !usedByFile.contains(name)) {
                problems.warning(
                        Text.shown(name) + " sets nothing; did you mean " + NearestName.of(name, known.keySet()) + "?");
            }
        }
    }
}
