/**
 * Line plots as SVG: axes that are linear, logarithmic, or of percentiles; a legend below; curves of latency over percentile.
 *
 * <p>A plot is a whole document that can stand alone, on white. Its parts have classes ({@code back}, {@code grid}, {@code frame},
 * {@code c0} to {@code c6}), so that a page which has it inline can give them the colours of its own, of a dark mode too.
 *
 * <p><b>Threads.</b> A plot belongs to one thread.
 */
@NullMarked
package dev.slipstream.bench.plot;

import org.jspecify.annotations.NullMarked;
