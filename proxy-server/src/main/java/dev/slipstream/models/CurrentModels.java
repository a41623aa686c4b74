package dev.slipstream.models;

import dev.slipstream.config.SlipstreamConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds the newest {@link ModelCatalog}, and what it is made of. Any thread; reading never waits. */
public final class CurrentModels {
    private volatile ModelCatalog catalog;
    private volatile boolean asked;

    private SlipstreamConfig config;
    private final Map<String, List<ListedModel>> told = new HashMap<>();

    public CurrentModels(SlipstreamConfig config) {
        this.config = config;
        this.catalog = ModelCatalog.of(config, told);
    }

    /** The newest list; whoever asks providers is told that it was wanted. */
    public ModelCatalog catalog() {
        asked = true;
        return catalog;
    }

    /** Whether somebody wanted the list since the last call. */
    public boolean takeAsked() {
        boolean was = asked;
        asked = false;
        return was;
    }

    /** Another configuration holds. */
    public synchronized void replace(SlipstreamConfig next) {
        config = next;
        told.keySet().retainAll(next.providers().keySet());
        catalog = ModelCatalog.of(config, told);
    }

    /** What {@code provider} told, instead of what it told before. */
    public synchronized void put(String provider, List<ListedModel> models) {
        told.put(provider, models);
        catalog = ModelCatalog.of(config, told);
    }
}
