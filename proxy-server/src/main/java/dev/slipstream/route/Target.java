package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.translate.ProviderTraits;
import dev.slipstream.config.InjectUsage;
import org.jspecify.annotations.Nullable;

/** One place a model is to be had: a provider, and what the model is called there. Immutable. */
public final class Target {
    private final Provider provider;
    private final @Nullable String model;
    private final byte @Nullable [] modelJson;
    private final byte @Nullable [] modelField;

    private final ProviderTraits traits;

    /** @param model null: what the client called it, less a dialect suffix */
    Target(Provider provider, @Nullable String model, ProviderTraits traits) {
        this.provider = provider;
        this.traits = traits;
        this.model = model;
        this.modelJson = model == null ? null : ModelText.quoted(model.getBytes(UTF_8));
        this.modelField = model == null ? null : ModelText.fieldValue(model.getBytes(UTF_8));
    }

    public Provider provider() {
        return provider;
    }

    /**
     * Whether the body of a request to {@code endpoint} has to be read before it can go there: because it is translated, or
     * because usage is asked for that the client may not ask for.
     */
    public boolean readsBody(Endpoint endpoint) {
        if (!endpoint.isTranslatable()) {
            return false;
        }
        return provider.dialect() != endpoint.dialect()
                || (endpoint == Endpoint.CHAT_COMPLETIONS && provider.config().injectUsage() == InjectUsage.ON);
    }

    /** What translation has to know of it. */
    public ProviderTraits traits() {
        return traits;
    }

    /** What the provider calls the model; null: what the client called it, less a dialect suffix. */
    public @Nullable String model() {
        return model;
    }

    /** {@link #model()} as a JSON string with its quotes; not to be changed. */
    @SuppressWarnings("MutableGetter")
    public byte @Nullable [] modelJson() {
        return modelJson;
    }

    /** {@link #model()} as the bytes of a field value; not to be changed. */
    @SuppressWarnings("MutableGetter")
    public byte @Nullable [] modelField() {
        return modelField;
    }

    @Override
    public String toString() {
        return "Target[" + provider.name() + ", model=" + model + "]";
    }
}
