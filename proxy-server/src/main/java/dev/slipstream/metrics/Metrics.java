package dev.slipstream.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The metrics of one proxy: hands each loop its own, and reads them all. */
public final class Metrics {
    private final List<LoopMetrics> loops = new ArrayList<>();

    /** The metrics of loop {@code index}, the same object at every call. At start, before the loop runs. */
    public synchronized LoopMetrics forLoop(int index) {
        while (loops.size() <= index) {
            loops.add(new LoopMetrics(loops.size()));
        }
        return loops.get(index);
    }

    public void gauge(String name, String help, LongSupplier value) {}

    public void gauge(String name, String help, String label, String labelValue, LongSupplier value) {}

    public void gauge(
            String name, String help, String label1, String value1, String label2, String value2, LongSupplier value) {}

    public void doubleGauge(String name, String help, DoubleSupplier value) {}

    public void doubleGauge(String name, String help, String label, String labelValue, DoubleSupplier value) {}

    /** Reporter: takes what the loops have handed over. */
    public void collect() {}
}
