package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.config.ModelConfig;
import dev.slipstream.config.ProviderConfig;
import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.config.TargetConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Models by name: exactly; then with {@code -openai} or {@code -anthropic} stripped, which picks the dialect; then by
 * the longest prefix before a trailing {@code *}. Case-sensitive. Immutable; look-ups make no garbage.
 */
public final class RouteTable {
    /** What a look-up came to. */
    public enum Match {
        FOUND,
        UNKNOWN_MODEL,
        /** The model is known and in the plan, but no target of it will do. */
        NO_TARGET_FOR_DIALECT
    }

    private static final byte[] OPENAI_SUFFIX = "-openai".getBytes(US_ASCII);
    private static final byte[] ANTHROPIC_SUFFIX = "-anthropic".getBytes(US_ASCII);
    private static final int NAMES_IN_A_MESSAGE = 5;

    private final Map<String, Provider> providers;
    private final List<String> names;
    private final @Nullable Model[] exact;
    private final Model[] wildcards;

    private RouteTable(Map<String, Provider> providers, List<Model> models) {
        this.providers = providers;
        this.names = models.stream()
                .filter(model -> !model.isWildcard())
                .map(Model::name)
                .toList();
        this.exact = new Model[Integer.highestOneBit(Math.max(4, names.size() * 4))];
        for (Model model : models) {
            if (!model.isWildcard()) {
                int slot = ModelText.hash(model.key(), model.key().length) & exact.length - 1;
                while (exact[slot] != null) {
                    slot = slot + 1 & exact.length - 1;
                }
                exact[slot] = model;
            }
        }
        this.wildcards = models.stream()
                .filter(Model::isWildcard)
                .sorted(Comparator.comparingInt((Model model) -> model.key().length)
                        .reversed())
                .toArray(Model[]::new);
    }

    /** The table of a configuration that has been validated. */
    public static RouteTable of(SlipstreamConfig config) {
        Map<String, Provider> providers = new LinkedHashMap<>();
        for (ProviderConfig provider : config.providers().values()) {
            providers.put(provider.name(), new Provider(provider));
        }
        List<Model> models = new ArrayList<>();
        for (ModelConfig model : config.models()) {
            List<Target> targets = new ArrayList<>();
            for (TargetConfig target : model.targets()) {
                Provider provider = providers.get(target.provider());
                if (provider == null) {
                    throw new IllegalArgumentException("model " + model.name() + ": no provider " + target.provider());
                }
                targets.add(new Target(
                        provider,
                        target.model().isEmpty() ? null : target.model(),
                        model.traits().of(provider.config().traits())));
            }
            models.add(new Model(model.name(), targets, model.traits().scale()));
        }
        linkVision(config, models);
        return new RouteTable(Collections.unmodifiableMap(providers), models);
    }

    private static void linkVision(SlipstreamConfig config, List<Model> models) {
        for (int i = 0; i < models.size(); i++) {
            String name = config.models().get(i).traits().vision();
            for (Model other : models) {
                if (!name.isEmpty() && other.name().equals(name)) {
                    models.get(i).setVision(other);
                }
            }
        }
    }

    /**
     * Finds the targets for the name in {@code model[0, length)} and fills {@code plan}, unless the model is unknown; it
     * keeps a reference to {@code model} until it is reset.
     *
     * @param client the dialect the client speaks
     * @param translatable whether the request can be translated; else only targets of the client's dialect do
     */
    public Match find(byte[] model, int length, Dialect client, boolean translatable, RoutePlan plan) {
        Model found = findExact(model, length);
        RouteReason reason = RouteReason.EXACT;
        int base = length;
        Dialect only = null;
        if (found == null) {
            if (ModelText.endsWith(model, length, OPENAI_SUFFIX)) {
                base = length - OPENAI_SUFFIX.length;
                only = Dialect.OPENAI;
            } else if (ModelText.endsWith(model, length, ANTHROPIC_SUFFIX)) {
                base = length - ANTHROPIC_SUFFIX.length;
                only = Dialect.ANTHROPIC;
            }
            if (base < length) {
                found = findExact(model, base);
            }
            if (found == null) {
                found = findWildcard(model, base);
                reason = RouteReason.WILDCARD;
            }
        }
        if (found == null) {
            return Match.UNKNOWN_MODEL;
        }
        Target[] targets = targets(found, client, only, translatable);
        plan.set(found, targets, reason, model, base, base < length);
        return targets.length == 0 ? Match.NO_TARGET_FOR_DIALECT : Match.FOUND;
    }

    /**
     * The request of {@code plan} holds images: it goes to the vision model of its model, where there is one with a target
     * that will do.
     */
    public void switchToVision(RoutePlan plan, Dialect client, boolean translatable) {
        Model vision = plan.vision();
        if (vision != null) {
            Target[] targets = targets(vision, client, null, translatable);
            if (targets.length > 0) {
                plan.set(vision, targets, RouteReason.VISION, vision.key(), vision.key().length, true);
            }
        }
    }

    /** @param only the dialect that the client's suffix has picked; null: any */
    private static Target[] targets(Model model, Dialect client, @Nullable Dialect only, boolean translatable) {
        if (translatable) {
            return only == null ? model.targetsFrom(client) : model.targets(only);
        }
        return only == null || only == client ? model.targets(client) : NONE;
    }

    private static final Target[] NONE = {};

    private @Nullable Model findExact(byte[] model, int length) {
        int slot = ModelText.hash(model, length) & exact.length - 1;
        for (Model entry = exact[slot]; entry != null; entry = exact[slot]) {
            if (Arrays.equals(model, 0, length, entry.key(), 0, entry.key().length)) {
                return entry;
            }
            slot = slot + 1 & exact.length - 1;
        }
        return null;
    }

    private @Nullable Model findWildcard(byte[] model, int length) {
        for (Model entry : wildcards) {
            if (ModelText.startsWith(model, length, entry.key())) {
                return entry;
            }
        }
        return null;
    }

    /** The configured names without wildcards, in file order. */
    public List<String> names() {
        return names;
    }

    /** The configured providers, in file order. */
    public Collection<Provider> providers() {
        return providers.values();
    }

    /** A few of the known names, for a message to a client that asked for another. */
    public String someNames() {
        if (names.isEmpty()) {
            return "none by its full name";
        }
        String some = String.join(", ", names.subList(0, Math.min(names.size(), NAMES_IN_A_MESSAGE)));
        return names.size() > NAMES_IN_A_MESSAGE ? some + ", …" : some;
    }
}
