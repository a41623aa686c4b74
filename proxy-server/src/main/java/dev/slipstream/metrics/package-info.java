/** What is counted and timed: written by the loops, each its own, read by the admin thread. */
@NullMarked
package dev.slipstream.metrics;

import org.jspecify.annotations.NullMarked;
