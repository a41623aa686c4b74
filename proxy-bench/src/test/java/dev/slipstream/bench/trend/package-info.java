/** Tests of what growth per hour is reckoned with. */
@NullMarked
package dev.slipstream.bench.trend;

import org.jspecify.annotations.NullMarked;
