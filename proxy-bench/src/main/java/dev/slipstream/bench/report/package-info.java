/**
 * From what a script that measures left in its folder to a page in perf-reports: a Markdown page, the same as one HTML page that
 * needs nothing else, plots, and the raw data.
 *
 * <p>A run's folder has {@code environment.txt}, {@code result.md}, {@code verdicts.csv} and raw data; see BENCHMARKING.md. What is
 * missing is left out of the page. Nothing is written before all is made and known to be within its bound.
 *
 * <p><b>Threads.</b> One.
 */
@NullMarked
package dev.slipstream.bench.report;

import org.jspecify.annotations.NullMarked;
