package dev.slipstream.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.config.ModelConfig;
import dev.slipstream.config.ModelTraits;
import dev.slipstream.config.ProviderConfig;
import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.config.TargetConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All models that clients are told of: the configured names in file order, then what providers have told, in the order of
 * the providers and of their own lists, no name twice. Immutable, any thread.
 *
 * <p>A name that a provider told is listed where a request for it would reach that provider under that name: the wildcard
 * with the longest prefix that matches has it as a target without a model of its own.
 */
public final class ModelCatalog {
    private static final List<String> SUFFIXES = List.of("-openai", "-anthropic");

    private final List<ListedModel> models;
    private final Map<String, Integer> positions;
    private final List<ModelConfig> wildcards;
    /** One for all clients, however slowly they read. */
    private final ByteBuffer openAiList;

    private ModelCatalog(Map<String, ListedModel> models, List<ModelConfig> wildcards) {
        this.models = List.copyOf(models.values());
        this.positions = new LinkedHashMap<>();
        for (ListedModel model : this.models) {
            positions.put(model.id(), positions.size());
        }
        this.wildcards = wildcards;
        ByteBuf text = Unpooled.buffer();
        ModelListing.openAiList(text, this.models);
        this.openAiList = ByteBuffer.allocateDirect(text.readableBytes());
        openAiList.put(text.array(), text.arrayOffset(), text.readableBytes()).flip();
    }

    /** @param told what providers have told, by their names; of those that are not asked any more it does not count */
    static ModelCatalog of(SlipstreamConfig config, Map<String, List<ListedModel>> told) {
        Map<String, ListedModel> models = new LinkedHashMap<>();
        List<ModelConfig> wildcards = new ArrayList<>();
        for (ModelConfig model : config.models()) {
            if (model.isWildcard()) {
                wildcards.add(model);
            } else {
                models.put(model.name(), configured(model.name(), model.traits()));
            }
        }
        // As the routes have it.
        wildcards.sort(
                Comparator.comparingInt((ModelConfig model) -> model.name().getBytes(UTF_8).length)
                        .reversed());
        for (ProviderConfig provider : config.providers().values()) {
            if (provider.discover()) {
                for (ListedModel model : told.getOrDefault(provider.name(), List.of())) {
                    ModelConfig route = wildcardOf(wildcards, model.id());
                    if (route != null && passesTo(route, provider.name()) && !hasSuffix(model.id())) {
                        models.putIfAbsent(model.id(), model.within(configured("", route.traits())));
                    }
                }
            }
        }
        return new ModelCatalog(models, List.copyOf(wildcards));
    }

    /** What the client is to believe: where its figures are scaled, it counts in the context that it assumes. */
    private static ListedModel configured(String name, ModelTraits traits) {
        long context = traits.scale().isActive() ? traits.assumedContext() : traits.contextWindow();
        return ListedModel.configured(name, context, traits.maxOutputTokens());
    }

    private static @Nullable ModelConfig wildcardOf(List<ModelConfig> wildcards, String id) {
        for (ModelConfig wildcard : wildcards) {
            if (id.startsWith(wildcard.name().substring(0, wildcard.name().length() - 1))) {
                return wildcard;
            }
        }
        return null;
    }

    private static boolean passesTo(ModelConfig route, String provider) {
        for (TargetConfig target : route.targets()) {
            if (target.provider().equals(provider) && target.model().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a request for {@code id} would ask for another name, and for a dialect. */
    private static boolean hasSuffix(String id) {
        return !base(id).equals(id);
    }

    private static String base(String id) {
        for (String suffix : SUFFIXES) {
            if (id.endsWith(suffix)) {
                return id.substring(0, id.length() - suffix.length());
            }
        }
        return id;
    }

    public int size() {
        return models.size();
    }

    public ListedModel get(int position) {
        return models.get(position);
    }

    /** Where {@code id} stands, -1 where it is not listed. */
    public int position(String id) {
        return positions.getOrDefault(id, -1);
    }

    /**
     * The model that a client asks about: a listed one, also by its name with {@code -openai} or {@code -anthropic}; or any
     * that a wildcard sends to a model of a fixed name, which is served whatever it is called. Null where it is not known
     * whether there is one.
     */
    public @Nullable ListedModel find(String id) {
        int listed = position(id);
        if (listed >= 0) {
            return models.get(listed);
        }
        String base = base(id);
        listed = position(base);
        if (listed >= 0) {
            return models.get(listed).named(id);
        }
        ModelConfig wildcard = wildcardOf(wildcards, base);
        boolean isServed = wildcard != null
                && wildcard.targets().stream()
                        .anyMatch(target -> !target.model().isEmpty());
        return wildcard != null && isServed ? configured(id, wildcard.traits()) : null;
    }

    /** The whole list as OpenAI has it: a view of memory that all clients share. Returns owned. */
    public ByteBuf openAiList() {
        return Unpooled.wrappedBuffer(openAiList.duplicate());
    }
}
