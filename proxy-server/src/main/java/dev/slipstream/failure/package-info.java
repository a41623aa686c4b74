/** The names of all failures. Values only, any thread. */
@NullMarked
package dev.slipstream.failure;

import org.jspecify.annotations.NullMarked;
