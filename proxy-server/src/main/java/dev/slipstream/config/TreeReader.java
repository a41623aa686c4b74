package dev.slipstream.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds a YAML document against the {@link Shape} of a configuration; what does not fit is an error at its line. */
final class TreeReader {
    /** Elements of one list or named map; a limit for files that are no configuration. */
    private static final int MAX_ELEMENTS = 10_000;

    private final String source;
    private final Map<String, String> environment;
    private final Problems problems;
    private final Set<String> usedVariables = new HashSet<>();

    TreeReader(String source, Map<String, String> environment, Problems problems) {
        this.source = source;
        this.environment = environment;
        this.problems = problems;
    }

    /** The known part of the document. */
    Entry.Section read(YamlNode root) {
        Entry.Section file = new Entry.Section("", origin(root.line()), new LinkedHashMap<>());
        if (root instanceof YamlNode.Mapping mapping) {
            fields(mapping, Shape.ofFile(), file);
        } else {
            problems.error(file.origin(), "a configuration is a map of sections (listen, providers, models, …)");
        }
        return file;
    }

    /** The variables that the document names. */
    Set<String> usedVariables() {
        return usedVariables;
    }

    private void fields(YamlNode.Mapping mapping, Shape.Fields shape, Entry.Section into) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (YamlNode.Pair pair : mapping.pairs()) {
            String path = join(into.path(), pair.key());
            if (isRepeated(pair, path, seen)) {
                continue;
            }
            Shape below = shape.fields().get(pair.key());
            if (below == null) {
                problems.error(origin(pair.line()), () -> unknown(pair.key(), into.path(), shape));
                continue;
            }
            value(path, pair.key(), pair.line(), pair.value(), below, into);
        }
    }

    private boolean isRepeated(YamlNode.Pair pair, String path, Map<String, Integer> seen) {
        Integer before = seen.putIfAbsent(pair.key(), pair.line());
        if (before != null) {
            problems.error(origin(pair.line()), Text.shown(path) + " is set twice; the first time in line " + before);
        }
        return before != null;
    }

    private void value(String path, String key, int line, YamlNode node, Shape shape, Entry.Section into) {
        boolean isNothing = node instanceof YamlNode.Scalar scalar && scalar.isNull();
        if (shape instanceof Shape.Scalar leaf) {
            if (node instanceof YamlNode.Scalar scalar) {
                leaf(path, line, scalar, leaf.setting(), key, into);
            } else {
                problems.error(origin(line), Text.shown(path) + " must be a single value");
            }
        } else if (isNothing) {
            // "pool:" with nothing below is what remains when a user comments its lines out.
            into.entries().remove(key);
        } else if (shape instanceof Shape.Listed listed) {
            if (node instanceof YamlNode.Sequence sequence) {
                into.entries().put(key, list(path, line, sequence, listed));
            } else {
                problems.error(origin(line), Text.shown(path) + " must be a list (lines that begin with -)");
            }
        } else if (node instanceof YamlNode.Mapping mapping) {
            Entry.Section section = new Entry.Section(path, origin(line), new LinkedHashMap<>());
            into.entries().put(key, section);
            if (shape instanceof Shape.Fields fields) {
                fields(mapping, fields, section);
            } else if (shape instanceof Shape.Named named) {
                named(mapping, named, section);
            }
        } else {
            problems.error(origin(line), Text.shown(path) + " must be a map (key: value)");
        }
    }

    private void named(YamlNode.Mapping mapping, Shape.Named shape, Entry.Section into) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        if (isTooMany(into.path(), into.origin(), mapping.pairs().size())) {
            return;
        }
        for (YamlNode.Pair pair : mapping.pairs()) {
            String path = join(into.path(), pair.key());
            if (isRepeated(pair, path, seen)) {
                continue;
            }
            if (shape.of() instanceof Shape.Fields
                    && pair.value() instanceof YamlNode.Scalar scalar
                    && scalar.isNull()) {
                // An empty provider is still a provider, and lacks its base_url.
                into.entries().put(pair.key(), new Entry.Section(path, origin(pair.line()), new LinkedHashMap<>()));
            } else {
                value(path, pair.key(), pair.line(), pair.value(), shape.of(), into);
            }
        }
    }

    private Entry.Items list(String path, int line, YamlNode.Sequence sequence, Shape.Listed shape) {
        List<Entry> entries = new ArrayList<>();
        Entry.Items items = new Entry.Items(path, origin(line), entries);
        if (isTooMany(path, items.origin(), sequence.items().size())) {
            return items;
        }
        int index = 0;
        for (YamlNode node : sequence.items()) {
            String at = path + "[" + index + "]";
            index++;
            if (node instanceof YamlNode.Mapping mapping && shape.of() instanceof Shape.Fields fields) {
                Entry.Section section = new Entry.Section(at, origin(node.line()), new LinkedHashMap<>());
                entries.add(section);
                fields(mapping, fields, section);
            } else {
                problems.error(origin(node.line()), Text.shown(at) + " must be a map (key: value)");
            }
        }
        return items;
    }

    private boolean isTooMany(String path, Origin origin, int count) {
        if (count > MAX_ELEMENTS) {
            problems.error(origin, Text.shown(path) + " has more than " + MAX_ELEMENTS + " elements");
        }
        return count > MAX_ELEMENTS;
    }

    private void leaf(
            String path, int keyLine, YamlNode.Scalar scalar, Setting setting, String key, Entry.Section into) {
        Origin origin = origin(scalar.isNull() ? keyLine : scalar.line());
        if (scalar.isNull()) {
            if (setting.kind() != Kind.TEXT && setting.kind() != Kind.SECRET) {
                problems.error(origin, Text.shown(path) + " has no value");
            }
            return;
        }
        try {
            Variables.Filled filled = Variables.fill(scalar.text(), environment, usedVariables);
            into.entries().put(key, new Entry.Leaf(path, origin, scalar.text(), filled.text(), filled.variable()));
        } catch (BadValueException e) {
            problems.error(origin, Text.shown(path) + ": " + e.sentence());
        }
    }

    private static String unknown(String key, String path, Shape.Fields shape) {
        String shown = Text.shown(join(path, key));
        if (VersionLimits.isLater(key)) {
            return shown + " is not in this version";
        }
        String nearest = NearestName.of(key, shape.fields().keySet());
        if (path.isEmpty() && NearestName.distance(key, nearest) > 2) {
            // A setting at the top that belongs into a section: name its place.
            for (Setting setting : Settings.all()) {
                if (setting.name().equals(key)) {
                    return shown + " is not known here; did you mean " + setting.path() + "?";
                }
            }
        }
        if (path.endsWith(".timeouts") && Settings.find("timeouts." + key) != null) {
            return shown + ": this one is set for the whole process, under timeouts, not for a provider";
        }
        return shown + " is not known; did you mean " + nearest + "?";
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Origin origin(int line) {
        return new Origin(source, line);
    }
}
