package dev.slipstream.metrics;

import java.util.List;
import java.util.Map;

/**
 * All metrics at one moment, ready to be written in any format.
 *
 * @param stages every stage, in the order of the enum, whether it was hit or not
 */
public record MetricsSnapshot(
        Map<Stage, SummaryValues> stages,
        SummaryValues request,
        SummaryValues firstToken,
        SummaryValues tokenGap,
        List<CounterFamily> counters,
        List<GaugeFamily> gauges) {}
