/** Tests of what sends and verifies streams. */
@NullMarked
package dev.slipstream.bench.streams;

import org.jspecify.annotations.NullMarked;
