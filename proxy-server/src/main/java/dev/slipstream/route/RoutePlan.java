package dev.slipstream.route;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one request in the order they are tried, and what its model is called. Reused with its exchange.
 */
public final class RoutePlan {
    private static final Target[] NONE = {};

    private Target[] targets = NONE;
    private RouteReason reason = RouteReason.EXACT;
    private String label = "";
    private byte[] name = {};
    private int nameLength;
    private boolean stripped;

    void set(Target[] targets, RouteReason reason, String label, byte[] name, int nameLength, boolean stripped) {
        this.targets = targets;
        this.reason = reason;
        this.label = label;
        this.name = name;
        this.nameLength = nameLength;
        this.stripped = stripped;
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
        return stripped ? ModelText.quoted(name, nameLength) : null;
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
        stripped = false;
    }

    private static final byte[] NONE_BYTES = {};
}
