/**
 * The command line: what the launcher starts. Runs on the main thread; the only place that ends the process, sets
 * system properties or writes to the standard streams.
 */
@NullMarked
package dev.slipstream.cli;

import org.jspecify.annotations.NullMarked;
