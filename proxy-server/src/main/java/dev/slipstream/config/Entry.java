package dev.slipstream.config;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configuration as read: known keys only, variables filled in, values still text. */
sealed interface Entry {
    /** The keys from the root, as a user would name them. */
    String path();

    Origin origin();

    /**
     * A value.
     *
     * @param written as it stands in the file: what messages quote, so that no variable's content is shown
     * @param text with variables filled in
     * @param variable the first variable that was filled in; empty if none
     */
    record Leaf(String path, Origin origin, String written, String text, String variable) implements Entry {
        /** Leaves the text out, which may be a secret. */
        @Override
        public String toString() {
            return "Leaf[" + path + "]";
        }
    }

    /** A map; mutable, for variables and aliases are laid over the file. */
    record Section(String path, Origin origin, LinkedHashMap<String, Entry> entries) implements Entry {
        @Nullable
        Leaf leaf(String key) {
            return entries.get(key) instanceof Leaf leaf ? leaf : null;
        }

        @Nullable
        Section section(String key) {
            return entries.get(key) instanceof Section section ? section : null;
        }

        /** The elements of a list; none if there is no such list. */
        List<Entry> items(String key) {
            return entries.get(key) instanceof Items items ? items.entries() : List.of();
        }

        /** The leaf at a global path; null if it is not set. */
        @Nullable
        Leaf find(String dotted) {
            Section at = this;
            int from = 0;
            for (int dot = dotted.indexOf('.'); dot >= 0; dot = dotted.indexOf('.', from)) {
                at = at.section(dotted.substring(from, dot));
                if (at == null) {
                    return null;
                }
                from = dot + 1;
            }
            return at.leaf(dotted.substring(from));
        }

        /** Sets the leaf at its own (global) path. */
        void put(Leaf leaf) {
            Section at = this;
            int from = 0;
            String dotted = leaf.path();
            for (int dot = dotted.indexOf('.'); dot >= 0; dot = dotted.indexOf('.', from)) {
                String key = dotted.substring(from, dot);
                Section below = at.section(key);
                if (below == null) {
                    below = new Section(dotted.substring(0, dot), leaf.origin(), new LinkedHashMap<>());
                    at.entries().put(key, below);
                }
                at = below;
                from = dot + 1;
            }
            at.entries().put(dotted.substring(from), leaf);
        }
    }

    /** A list. */
    record Items(String path, Origin origin, List<Entry> entries) implements Entry {}
}
