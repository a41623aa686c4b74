package dev.slipstream.exchange;

import dev.slipstream.models.CurrentModels;

/** Holds the snapshot that new exchanges take, and whether the process is draining. Any thread. */
public final class CurrentConfig {
    private volatile ConfigSnapshot snapshot;
    private volatile boolean draining;
    private final CurrentModels models;

    public CurrentConfig(ConfigSnapshot snapshot) {
        this.snapshot = snapshot;
        this.models = new CurrentModels(snapshot.config());
    }

    public ConfigSnapshot snapshot() {
        return snapshot;
    }

    public void replace(ConfigSnapshot next) {
        snapshot = next;
        models.replace(next.config());
    }

    /** The models that clients are told of. */
    public CurrentModels models() {
        return models;
    }

    /** Whether no new work is wanted: not ready, and connections close behind their answer. */
    public boolean isDraining() {
        return draining;
    }

    public void startDraining() {
        draining = true;
    }
}
