/** Tests of the metrics. Time is frozen: ticks are called by hand. */
@NullMarked
package dev.slipstream.metrics;

import org.jspecify.annotations.NullMarked;
