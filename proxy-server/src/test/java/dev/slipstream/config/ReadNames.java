package dev.slipstream.config;

import java.util.AbstractMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An environment that writes down which of its names were asked for. */
final class ReadNames extends AbstractMap<String, String> {
    private final Map<String, String> variables;
    private final Set<String> names = new HashSet<>();

    ReadNames(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    Set<String> names() {
        return names;
    }

    @Override
    public @Nullable String get(Object name) {
        names.add((String) name);
        return variables.get(name);
    }

    @Override
    public String getOrDefault(Object name, String otherwise) {
        names.add((String) name);
        return variables.getOrDefault(name, otherwise);
    }

    @Override
    public boolean containsKey(Object name) {
        names.add((String) name);
        return variables.containsKey(name);
    }

    /** Names alone: which there are is no secret. */
    @Override
    public Set<String> keySet() {
        return variables.keySet();
    }

    /** Not written down: Jazzer looks through every map that is asked for a name. */
    @Override
    public Set<Entry<String, String>> entrySet() {
        return variables.entrySet();
    }
}
