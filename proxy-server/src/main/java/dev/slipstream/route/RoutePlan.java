package dev.slipstream.route;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.tokens.TokenScale;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one request in the order they are tried, and what its model is called. Reused with its exchange.
 */
public final class RoutePlan {
    private static final Target[] NONE = {};

    private Target[] targets = NONE;
    private @Nullable Model model;
    private RouteReason reason = RouteReason.EXACT;
    private String label = "";
    private byte[] name = {};
    private int nameLength;
    private boolean replaced;

    /** @param replaced whether {@code name} is not what the client has written */
    void set(Model model, Target[] targets, RouteReason reason, byte[] name, int nameLength, boolean replaced) {
        this.model = model;
        this.targets = targets;
        this.reason = reason;
        this.label = model.name();
        this.name = name;
        this.nameLength = nameLength;
        this.replaced = replaced;
    }

    /** How many targets there are. */
    public int size() {
        return targets.length;
    }

    public Target target(int i) {
        return targets[i];
    }

    public RouteReason reason() {
        return reason;
    }

    /** The first target did not do: the one that is asked now is another. */
    public void fallBack() {
        reason = RouteReason.FALLBACK;
    }

    /** The configured name that matched, for metrics and logs; empty where none did. */
    public String label() {
        return label;
    }

    /**
     * What replaces the {@code model} value of the request on its way to {@code target}: a JSON string with its quotes;
     * null where the bytes stay as they are.
     */
    public byte @Nullable [] replacementFor(Target target) {
        byte[] modelJson = target.modelJson();
        if (modelJson != null) {
            return modelJson;
        }
        return replaced ? ModelText.quoted(name, nameLength) : null;
    }

    /** The name that {@code target}'s provider is asked for, as a JSON string with its quotes; not to be changed. */
    public byte[] modelJson(Target target) {
        byte[] configured = target.modelJson();
        return configured == null ? ModelText.quoted(name, nameLength) : configured;
    }

    /**
     * What the model's first target for clients of {@code dialect} asks its provider for, as {@link #modelJson}; also where
     * no target is any good for this very request.
     */
    public byte[] firstModelJson(Dialect dialect) {
        Target first = targets.length > 0 || model == null ? target(0) : model.targetsFrom(dialect)[0];
        return modelJson(first);
    }

    /** Whether requests of this model that hold images go elsewhere. */
    public boolean hasVision() {
        return vision() != null;
    }

    @Nullable
    Model vision() {
        return model == null ? null : model.vision();
    }

    /** How the input tokens are scaled that the client sees. */
    public TokenScale scale() {
        return model == null ? TokenScale.NONE : model.scale();
    }

    /** The name that {@code target}'s provider is asked for, as bytes fit for a field value; not to be changed. */
    public byte[] nameFor(Target target) {
        byte[] configured = target.modelField();
        return configured == null ? ModelText.fieldValue(Arrays.copyOf(name, nameLength)) : configured;
    }

    public void reset() {
        targets = NONE;
        reason = RouteReason.EXACT;
        label = "";
        name = NONE_BYTES;
        nameLength = 0;
        replaced = false;
        model = null;
    }

    private static final byte[] NONE_BYTES = {};
}
