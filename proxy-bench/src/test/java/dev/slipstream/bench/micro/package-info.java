/** That the micro benchmarks do what they measure. */
@NullMarked
package dev.slipstream.bench.micro;

import org.jspecify.annotations.NullMarked;
