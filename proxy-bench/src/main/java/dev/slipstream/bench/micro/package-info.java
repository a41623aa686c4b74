/** JMH benches of single parts. Single-threaded unless one says otherwise; run them with {@code -prof gc}. */
@NullMarked
package dev.slipstream.bench.micro;

import org.jspecify.annotations.NullMarked;
