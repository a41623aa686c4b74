package dev.slipstream.config;

import java.util.EnumSet;
import java.util.Set;

/**
 * What the documentation promises and this version does not do yet: asked for, it is an error, never silently ignored.
 * The only place that knows; when a feature arrives, its constant and its lines go.
 */
final class VersionLimits {
    /** What a user can ask for in vain. */
    enum Feature {
        PEEK
    }

    /** Keys of features to come, wherever they stand. */
    private static final Set<String> LATER_KEYS = Set.of("cache", "hedge", "redis", "store", "dashboard", "profiling");

    private final Set<Feature> missing;

    private VersionLimits(Set<Feature> missing) {
        this.missing = missing;
    }

    /** This version's. */
    static VersionLimits current() {
        return new VersionLimits(EnumSet.allOf(Feature.class));
    }

    /** A version that does everything. */
    static VersionLimits none() {
        return new VersionLimits(EnumSet.noneOf(Feature.class));
    }

    static boolean isLater(String key) {
        return LATER_KEYS.contains(key);
    }

    boolean isMissing(Feature feature) {
        return missing.contains(feature);
    }

    void check(Entry.Section root, Problems problems) {
        Entry.Section providers = root.section("providers");
        if (providers == null) {
            return;
        }
        for (Entry entry : providers.entries().values()) {
            if (entry instanceof Entry.Section provider) {
                provider(provider, problems);
            }
        }
    }

    private void provider(Entry.Section provider, Problems problems) {
        Entry.Leaf peek = provider.leaf("peek");
        if (peek != null && peek.text().equals("true") && isMissing(Feature.PEEK)) {
            report(problems, peek, peek.path() + ": true");
        }
    }

    private static void report(Problems problems, Entry entry, String what) {
        problems.error(entry.origin(), Text.shown(what) + " is not in this version");
    }
}
