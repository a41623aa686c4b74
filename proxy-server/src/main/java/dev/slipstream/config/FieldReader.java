package dev.slipstream.config;

import org.jspecify.annotations.Nullable;

/** Reads the values of one section, each by its row of the table; a wrong one is reported and its default taken. */
final class FieldReader {
    private final Entry.@Nullable Section section;
    private final String prefix;
    private final Problems problems;

    /**
     * @param section null: everything is default
     * @param prefix what stands before a key in the table, with its dot
     */
    FieldReader(Entry.@Nullable Section section, String prefix, Problems problems) {
        this.section = section;
        this.prefix = prefix;
        this.problems = problems;
    }

    Entry.@Nullable Leaf leaf(String key) {
        return section == null ? null : section.leaf(key);
    }

    /** The value in the kind's own unit, or the table's default. */
    long number(String key) {
        Setting setting = Settings.get(prefix + key);
        return number(key, defaultOf(setting));
    }

    int count(String key) {
        return Math.toIntExact(number(key));
    }

    /** The value, or what holds above; a key without a row cannot be set here. */
    long number(String key, long inherited) {
        Entry.Leaf leaf = leaf(key);
        Setting setting = Settings.find(prefix + key);
        if (leaf == null || setting == null) {
            return inherited;
        }
        try {
            return Values.number(setting, leaf.text());
        } catch (BadValueException e) {
            report(leaf, setting, e);
            return inherited;
        }
    }

    String choice(String key) {
        Setting setting = Settings.get(prefix + key);
        Entry.Leaf leaf = leaf(key);
        if (leaf == null) {
            return setting.defaultText();
        }
        try {
            return Values.choice(setting, leaf.text());
        } catch (BadValueException e) {
            report(leaf, setting, e);
            return setting.defaultText();
        }
    }

    boolean truth(String key) {
        Setting setting = Settings.get(prefix + key);
        Entry.Leaf leaf = leaf(key);
        boolean byDefault = setting.defaultText().equals("true");
        if (leaf == null) {
            return byDefault;
        }
        try {
            return Values.truth(leaf.text());
        } catch (BadValueException e) {
            report(leaf, setting, e);
            return byDefault;
        }
    }

    HostPort address(String key) {
        Setting setting = Settings.get(prefix + key);
        Entry.Leaf leaf = leaf(key);
        try {
            if (leaf != null) {
                return Values.address(leaf.text());
            }
        } catch (BadValueException e) {
            report(leaf, setting, e);
        }
        try {
            return Values.address(setting.defaultText());
        } catch (BadValueException e) {
            throw new IllegalStateException(setting.path(), e);
        }
    }

    String text(String key) {
        Entry.Leaf leaf = leaf(key);
        return leaf == null ? Settings.get(prefix + key).defaultText() : leaf.text();
    }

    private void report(Entry.Leaf leaf, Setting setting, BadValueException e) {
        String shown = setting.isShown() ? " (here: " + Text.shown(leaf.written()) + ")" : "";
        problems.error(leaf.origin(), Text.shown(leaf.path()) + ": " + e.sentence() + shown);
    }

    private static long defaultOf(Setting setting) {
        try {
            return Values.number(setting, setting.defaultText());
        } catch (BadValueException e) {
            throw new IllegalStateException(setting.path(), e);
        }
    }
}
