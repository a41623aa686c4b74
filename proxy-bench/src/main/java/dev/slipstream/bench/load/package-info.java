/**
 * The load generator: requests that are due at fixed times whatever the server does (open loop), or one behind the other
 * (closed loop), and what became of each.
 *
 * <p><b>Threads.</b> Each event loop has a {@link dev.slipstream.bench.load.LoadWorker} with connections, calls and
 * histograms of its own, and nothing is shared but the requests' bytes and a flag. What the workers found is merged when
 * all have ended.
 */
@NullMarked
package dev.slipstream.bench.load;

import org.jspecify.annotations.NullMarked;
