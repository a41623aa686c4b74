package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

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
        /** The model is known, but no target of it speaks the client's dialect. */
        NO_TARGET_FOR_DIALECT
    }

    private static final byte[] OPENAI_SUFFIX = "-openai".getBytes(US_ASCII);
    private static final byte[] ANTHROPIC_SUFFIX = "-anthropic".getBytes(US_ASCII);
    private static final int NAMES_IN_A_MESSAGE = 5;

    /** A configured model. */
    private static final class Entry {
        final String name;
        final byte[] key;
        final boolean wildcard;
        final Target[] openai;
        final Target[] anthropic;

        Entry(String name, List<Target> targets) {
            this.name = name;
            this.wildcard = name.endsWith("*");
            this.key = (wildcard ? name.substring(0, name.length() - 1) : name).getBytes(UTF_8);
            this.openai = of(targets, Dialect.OPENAI);
            this.anthropic = of(targets, Dialect.ANTHROPIC);
        }

        private static Target[] of(List<Target> targets, Dialect dialect) {
            return targets.stream()
                    .filter(target -> target.provider().dialect() == dialect)
                    .toArray(Target[]::new);
        }

        Target[] of(Dialect dialect) {
            return switch (dialect) {
                case OPENAI -> openai;
                case ANTHROPIC -> anthropic;
            };
        }
    }

    private final Map<String, Provider> providers;
    private final List<String> names;
    private final @Nullable Entry[] exact;
    private final Entry[] wildcards;

    private RouteTable(Map<String, Provider> providers, List<Entry> entries) {
        this.providers = providers;
        this.names = entries.stream()
                .filter(entry -> !entry.wildcard)
                .map(entry -> entry.name)
                .toList();
        this.exact = new Entry[Integer.highestOneBit(Math.max(4, names.size() * 4))];
        for (Entry entry : entries) {
            if (!entry.wildcard) {
                int slot = ModelText.hash(entry.key, entry.key.length) & exact.length - 1;
                while (exact[slot] != null) {
                    slot = slot + 1 & exact.length - 1;
                }
                exact[slot] = entry;
            }
        }
        this.wildcards = entries.stream()
                .filter(entry -> entry.wildcard)
                .sorted(Comparator.comparingInt((Entry entry) -> entry.key.length)
                        .reversed())
                .toArray(Entry[]::new);
    }

    /** The table of a configuration that has been validated. */
    public static RouteTable of(SlipstreamConfig config) {
        Map<String, Provider> providers = new LinkedHashMap<>();
        for (ProviderConfig provider : config.providers().values()) {
            providers.put(provider.name(), new Provider(provider));
        }
        List<Entry> entries = new ArrayList<>();
        for (ModelConfig model : config.models()) {
            List<Target> targets = new ArrayList<>();
            for (TargetConfig target : model.targets()) {
                Provider provider = providers.get(target.provider());
                if (provider == null) {
                    throw new IllegalArgumentException("model " + model.name() + ": no provider " + target.provider());
                }
                targets.add(new Target(provider, target.model().isEmpty() ? null : target.model()));
            }
            entries.add(new Entry(model.name(), targets));
        }
        return new RouteTable(Collections.unmodifiableMap(providers), entries);
    }

    /**
     * Finds the targets for the name in {@code model[0, length)} and fills {@code plan}, which keeps a reference to
     * {@code model} until it is reset.
     *
     * @param client the dialect the client speaks
     */
    public Match find(byte[] model, int length, Dialect client, RoutePlan plan) {
        Entry entry = findExact(model, length);
        if (entry != null) {
            return fill(plan, entry, client, RouteReason.EXACT, model, length, false);
        }
        int base = length;
        Dialect wanted = client;
        if (ModelText.endsWith(model, length, OPENAI_SUFFIX)) {
            base = length - OPENAI_SUFFIX.length;
            wanted = Dialect.OPENAI;
        } else if (ModelText.endsWith(model, length, ANTHROPIC_SUFFIX)) {
            base = length - ANTHROPIC_SUFFIX.length;
            wanted = Dialect.ANTHROPIC;
        }
        RouteReason reason = RouteReason.EXACT;
        if (base < length) {
            entry = findExact(model, base);
        }
        if (entry == null) {
            entry = findWildcard(model, base);
            reason = RouteReason.WILDCARD;
        }
        if (entry == null) {
            return Match.UNKNOWN_MODEL;
        }
        if (wanted != client) {
            plan.reset();
            return Match.NO_TARGET_FOR_DIALECT;
        }
        return fill(plan, entry, wanted, reason, model, base, base < length);
    }

    private static Match fill(
            RoutePlan plan,
            Entry entry,
            Dialect dialect,
            RouteReason reason,
            byte[] model,
            int length,
            boolean stripped) {
        Target[] targets = entry.of(dialect);
        if (targets.length == 0) {
            plan.reset();
            return Match.NO_TARGET_FOR_DIALECT;
        }
        plan.set(targets, reason, entry.name, model, length, stripped);
        return Match.FOUND;
    }

    private @Nullable Entry findExact(byte[] model, int length) {
        int slot = ModelText.hash(model, length) & exact.length - 1;
        for (Entry entry = exact[slot]; entry != null; entry = exact[slot]) {
            if (entry.key.length == length && Arrays.equals(model, 0, length, entry.key, 0, length)) {
                return entry;
            }
            slot = slot + 1 & exact.length - 1;
        }
        return null;
    }

    private @Nullable Entry findWildcard(byte[] model, int length) {
        for (Entry entry : wildcards) {
            if (ModelText.startsWith(model, length, entry.key)) {
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
