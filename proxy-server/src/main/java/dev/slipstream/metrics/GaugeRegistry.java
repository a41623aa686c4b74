package dev.slipstream.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The gauges others have registered, in the order in which they did. Any thread. */
final class GaugeRegistry {
    private record Family(String help, List<String> labelNames, Map<List<String>, DoubleSupplier> suppliers) {}

    private final Map<String, Family> families = new LinkedHashMap<>();

    /** Adds a gauge; one of the same name and label values is replaced, as after a reload. */
    synchronized void add(
            String name, String help, List<String> labelNames, List<String> labelValues, DoubleSupplier value) {
        Family family = families.computeIfAbsent(name, ignored -> new Family(help, labelNames, new LinkedHashMap<>()));
        if (!family.labelNames.equals(labelNames)) {
            throw new IllegalArgumentException(name + " has the labels " + family.labelNames + ", not " + labelNames);
        }
        family.suppliers.put(labelValues, value);
    }

    synchronized List<GaugeFamily> read() {
        List<GaugeFamily> read = new ArrayList<>(families.size());
        families.forEach((name, family) -> {
            List<GaugeFamily.Point> points = new ArrayList<>(family.suppliers.size());
            family.suppliers.forEach(
                    (labelValues, value) -> points.add(new GaugeFamily.Point(labelValues, valueOf(value))));
            read.add(new GaugeFamily(name, family.help, family.labelNames, points));
        });
        return read;
    }

    /** One gauge that fails must not take the others with it. */
    private static double valueOf(DoubleSupplier value) {
        try {
            return value.getAsDouble();
        } catch (RuntimeException e) {
            return Double.NaN;
        }
    }
}
