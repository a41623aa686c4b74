/** JMH benches of single parts. Single-threaded unless one says otherwise; the launcher adds {@code -prof gc}. */
@NullMarked
package dev.slipstream.bench.micro;

import org.jspecify.annotations.NullMarked;
