/** Tests of the loads, which are tests of the proxy. */
@NullMarked
package dev.slipstream.bench.macro;

import org.jspecify.annotations.NullMarked;
