package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/** Figures of sampling that both directions write. */
final class Sampling {
    private Sampling() {}

    /** Appends a temperature as it was written, or {@code max} where that is less. */
    static void temperature(JsonOutput out, JsonTree in, int temperature, double max) {
        out.key(Keys.TEMPERATURE);
        if (in.real(temperature, max) <= max) {
            out.value(in, temperature);
        } else if (max == Math.rint(max)) {
            out.number((long) max);
        } else {
            out.raw(Names.ascii(Double.toString(max)));
        }
    }
}
