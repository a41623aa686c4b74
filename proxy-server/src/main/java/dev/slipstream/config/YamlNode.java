package dev.slipstream.config;

import java.util.List;

/** A YAML document as written: text and lines, no types. */
sealed interface YamlNode {
    /** From 1. */
    int line();

    /** @param isNull whether nothing, {@code ~} or {@code null} is written */
    record Scalar(int line, String text, boolean isNull) implements YamlNode {}

    /** In file order; keys may stand twice. */
    record Mapping(int line, List<Pair> pairs) implements YamlNode {}

    /** A list. */
    record Sequence(int line, List<YamlNode> items) implements YamlNode {}

    /** A key and its value. */
    record Pair(int line, String key, YamlNode value) {}
}
