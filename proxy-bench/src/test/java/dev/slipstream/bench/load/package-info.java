/** The load generator against servers whose delays are known, and its parts. */
@NullMarked
package dev.slipstream.bench.load;

import org.jspecify.annotations.NullMarked;
