package dev.slipstream.codec.translate;

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

    void reset() {
        originals.clear();
    }
}
