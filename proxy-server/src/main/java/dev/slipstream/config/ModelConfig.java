package dev.slipstream.config;

import java.util.List;

/**
 * A model name clients ask for, and where it is to be had.
 *
 * @param name exact, or a prefix followed by {@code *}
 * @param targets in order of preference, at least one
 * @param traits what is known of the model
 */
public record ModelConfig(String name, List<TargetConfig> targets, ModelTraits traits) {
    /** Whether it stands for every name that begins alike. */
    public boolean isWildcard() {
        return name.endsWith("*");
    }
}
