/**
 * The names of all failures, and what goes with each: status, word, retry class. Values only, any thread; owns
 * nothing.
 */
@NullMarked
package dev.slipstream.failure;

import org.jspecify.annotations.NullMarked;
