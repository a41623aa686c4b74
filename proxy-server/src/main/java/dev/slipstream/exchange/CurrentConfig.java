package dev.slipstream.exchange;

/** Holds the snapshot that new exchanges take, and whether the process is draining. Any thread. */
public final class CurrentConfig {
    private volatile ConfigSnapshot snapshot;
    private volatile boolean draining;

    public CurrentConfig(ConfigSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    public ConfigSnapshot snapshot() {
        return snapshot;
    }

    public void replace(ConfigSnapshot next) {
        snapshot = next;
    }

    /** Whether no new work is wanted: not ready, and connections close behind their answer. */
    public boolean isDraining() {
        return draining;
    }

    public void startDraining() {
        draining = true;
    }
}
