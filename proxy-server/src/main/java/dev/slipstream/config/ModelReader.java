package dev.slipstream.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the models and their targets. */
final class ModelReader {
    private static final String ROW = "models.[].";
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
            List<TargetConfig> targets = targets(section);
            models.add(new ModelConfig(name, targets, traits(section)));
        }
        checkVision(root, models);
        if (root.items("models").isEmpty() && !problems.hasErrors()) {
            problems.warning("models: names no model, so every request is answered with unknown_model");
        }
        return List.copyOf(models);
    }

    private ModelTraits traits(Entry.Section section) {
        FieldReader fields = new FieldReader(section, ROW, problems);
        ModelTraits traits = new ModelTraits(
                fields.text("vision"),
                fields.number("assumed_context"),
                fields.number("context_window"),
                fields.number("max_output_tokens"),
                fields.number("default_max_tokens"),
                fields.truth("sampling"));
        if ((traits.assumedContext() > 0) != (traits.contextWindow() > 0)) {
            problems.warning(section.path() + ": usage is scaled only where both assumed_context and context_window"
                    + " are given");
        }
        return traits;
    }

    /** What has an image goes to a model that takes it, and is not sent on from there. */
    private void checkVision(Entry.Section root, List<ModelConfig> models) {
        Map<String, ModelConfig> exact = new HashMap<>();
        for (ModelConfig model : models) {
            if (!model.isWildcard()) {
                exact.putIfAbsent(model.name(), model);
            }
        }
        for (Entry entry : root.items("models")) {
            Entry.Leaf vision = entry instanceof Entry.Section section ? section.leaf("vision") : null;
            if (vision == null || vision.text().isEmpty()) {
                continue;
            }
            ModelConfig named = exact.get(vision.text());
            Entry.Leaf own = ((Entry.Section) entry).leaf("name");
            if (named == null) {
                problems.error(vision.origin(), () -> unknownVision(vision, root));
            } else if (own != null && own.text().equals(named.name())) {
                problems.error(vision.origin(), vision.path() + ": names the model itself");
            } else if (!named.traits().vision().isEmpty()) {
                problems.error(
                        vision.origin(),
                        vision.path() + ": " + Text.shown(vision.written())
                                + " has a vision model itself, so it takes no images");
            }
        }
    }

    private static String unknownVision(Entry.Leaf vision, Entry.Section root) {
        // By what is written, not by what a variable holds.
        Set<String> names = new LinkedHashSet<>();
        for (Entry entry : root.items("models")) {
            Entry.Leaf name = entry instanceof Entry.Section section ? section.leaf("name") : null;
            if (name != null && !name.text().endsWith("*")) {
                names.add(name.written());
            }
        }
        String nearest = Text.shown(NearestName.of(vision.written(), names));
        String known = names.isEmpty() ? "" : "; did you mean " + nearest + "?";
        return vision.path() + ": there is no model " + Text.shown(vision.written()) + " (one without a *)" + known;
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
