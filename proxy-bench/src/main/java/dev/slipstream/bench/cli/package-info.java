/**
 * The commands {@code demo}, {@code mock} and {@code bench}. Everything here runs on the main thread; what it
 * starts is closed by it at a signal.
 */
@NullMarked
package dev.slipstream.bench.cli;

import org.jspecify.annotations.NullMarked;
