/** JMH benchmarks of the parts that every request passes. */
@NullMarked
package dev.slipstream.bench.micro;

import org.jspecify.annotations.NullMarked;
