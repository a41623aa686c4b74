/**
 * How figures of a process change over hours: samples, the line of least squares through them, and a plot over time. {@code
 * scripts/soak} takes the samples; {@link dev.slipstream.bench.trend.Trends} is the command that looks at them.
 *
 * <p><b>Threads.</b> None of its own; all of it is immutable or confined to its caller.
 */
@NullMarked
package dev.slipstream.bench.trend;

import org.jspecify.annotations.NullMarked;
