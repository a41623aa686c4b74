package dev.slipstream.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the models and their targets. */
final class ModelReader {
    private static final int MAX_NAME_CHARS = 256;

    private final Set<String> providers;
    private final Problems problems;

    /** @param providers all names that the file gives, also of providers with errors */
    ModelReader(Set<String> providers, Problems problems) {
        this.providers = providers;
        this.problems = problems;
    }

    List<ModelConfig> read(Entry.Section root) {
        List<ModelConfig> models = new ArrayList<>();
        Map<String, Integer> lineOfName = new HashMap<>();
        for (Entry entry : root.items("models")) {
            if (!(entry instanceof Entry.Section section)) {
                continue;
            }
            String name = name(section);
            Integer before = name.isEmpty()
                    ? null
                    : lineOfName.putIfAbsent(name, section.origin().line());
            if (before != null) {
                problems.error(
                        section.origin(),
                        section.path() + ": the model " + Text.shown(name) + " already stands in line " + before);
            }
            models.add(new ModelConfig(name, targets(section)));
        }
        if (root.items("models").isEmpty() && !problems.hasErrors()) {
            problems.warning("models: names no model, so every request is answered with unknown_model");
        }
        return List.copyOf(models);
    }

    private String name(Entry.Section section) {
        Entry.Leaf leaf = section.leaf("name");
        if (leaf == null || leaf.text().isEmpty()) {
            problems.error(section.origin(), section.path() + ": has no name");
            return "";
        }
        String name = leaf.text();
        int star = name.indexOf('*');
        if (star >= 0 && star != name.length() - 1) {
            problems.error(leaf.origin(), leaf.path() + ": * may only be the last character");
        }
        checkName(leaf);
        return name;
    }

    private void checkName(Entry.Leaf leaf) {
        String name = leaf.text();
        if (name.length() > MAX_NAME_CHARS || Text.hasControls(name) || !name.equals(name.strip())) {
            problems.error(
                    leaf.origin(),
                    leaf.path() + ": must be at most " + MAX_NAME_CHARS
                            + " characters, without control characters or spaces around it");
        }
    }

    private List<TargetConfig> targets(Entry.Section model) {
        List<TargetConfig> targets = new ArrayList<>();
        List<Entry> entries = model.items("targets");
        if (entries.isEmpty()) {
            problems.error(model.origin(), model.path() + ": has no targets");
        }
        for (Entry entry : entries) {
            if (entry instanceof Entry.Section section) {
                String provider = provider(section);
                Entry.Leaf name = section.leaf("model");
                if (name != null) {
                    checkName(name);
                    if (name.text().indexOf('*') >= 0) {
                        problems.error(
                                name.origin(),
                                name.path() + ": * has no meaning here; without model the client's name is passed on");
                    }
                }
                targets.add(new TargetConfig(provider, name == null ? "" : name.text()));
            }
        }
        return List.copyOf(targets);
    }

    private String provider(Entry.Section target) {
        Entry.Leaf leaf = target.leaf("provider");
        if (leaf == null) {
            problems.error(target.origin(), target.path() + ": has no provider");
            return "";
        }
        if (!providers.contains(leaf.text())) {
            problems.error(leaf.origin(), () -> unknown(leaf));
        }
        return leaf.text();
    }

    private String unknown(Entry.Leaf provider) {
        String nearest = Text.shown(NearestName.of(provider.text(), providers));
        String known = providers.isEmpty() ? "" : "; did you mean " + nearest + "?";
        return provider.path() + ": there is no provider " + Text.shown(provider.written()) + known;
    }
}
