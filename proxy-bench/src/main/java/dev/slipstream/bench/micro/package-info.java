/** Micro benchmarks of single classes; one thread each, run with {@code -prof gc}. */
@NullMarked
package dev.slipstream.bench.micro;

import org.jspecify.annotations.NullMarked;
