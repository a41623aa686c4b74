package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import java.util.HashMap;
import java.util.Map;

/**
 * Names of tools that the other dialect does not take, and what they are called there instead, for one request and its
 * answer. The same name is always called the same, so that a conversation's later requests agree with its earlier ones.
 */
public final class ToolNames {
    private final Map<String, String> originals = new HashMap<>();

    /** Remembers that the provider knows {@code original} as {@code substitute}. */
    public void put(String substitute, String original) {
        originals.put(substitute, original);
    }

    /** Whether no name was changed. */
    public boolean isEmpty() {
        return originals.isEmpty();
    }

    /** What the client calls the tool that the provider calls {@code name}. */
    public String originalOf(String name) {
        return originals.getOrDefault(name, name);
    }

    /**
     * Appends {@code name}, a string, as the JSON string that the provider knows it by: itself where it has at most {@code
     * maxChars} letters, digits, dashes and underscores; else one like it, which is remembered.
     */
    void write(JsonOutput out, JsonTree tree, int name, int maxChars) {
        if (isTaken(tree, name, maxChars)) {
            out.value(tree, name);
            return;
        }
        String original = tree.string(name);
        String substitute = ToolIds.fitting(original, maxChars);
        if (!substitute.equals(original)) {
            put(substitute, original);
        }
        out.string(substitute);
    }

    private static boolean isTaken(JsonTree tree, int name, int maxChars) {
        int from = tree.start(name) + 1;
        int to = tree.end(name) - 1;
        for (int i = from; i < to; i++) {
            if (!ToolIds.isPlain(tree.text()[i])) {
                return false;
            }
        }
        return to > from && to - from <= maxChars;
    }

    void reset() {
        originals.clear();
    }
}
