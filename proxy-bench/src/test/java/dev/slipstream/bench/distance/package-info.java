/** Of the distance bench: its queue with a frozen clock, its forwarder between real namespaces, its figures. */
@NullMarked
package dev.slipstream.bench.distance;

import org.jspecify.annotations.NullMarked;
