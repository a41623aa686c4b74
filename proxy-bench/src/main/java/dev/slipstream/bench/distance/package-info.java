/**
 * A distance between two processes of one machine, and calls over it. A {@link DelayedLink} joins two network
 * namespaces by two TUN devices and holds every packet back for a constant time; it needs Linux and root. {@link
 * DistanceCalls} measures calls from one side to the other.
 *
 * <p>The link has one thread for each direction, which owns that direction's {@link DelayLine}. The calls are made by
 * one thread with blocking sockets: they share nothing with what they measure.
 */
@NullMarked
package dev.slipstream.bench.distance;

import org.jspecify.annotations.NullMarked;
