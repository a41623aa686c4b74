/**
 * Stand-ins for a provider: one that makes its answers up ({@link
 * dev.slipstream.bench.upstream.SimulatedProvider}) and one that repeats recorded ones ({@link
 * dev.slipstream.bench.upstream.ReplayProvider}).
 *
 * <p><b>Threads.</b> A provider has event loops of its own, one by default. A connection, its deliveries and
 * their pieces live on one of them and are confined to it. Options, recordings and endpoints are immutable;
 * counters are atomic and may be read anywhere.
 *
 * <p><b>Ownership.</b> A connection owns the requests it has queued and releases them; a {@link
 * dev.slipstream.bench.upstream.Responder} borrows them. Pieces are given away as they are written.
 */
@NullMarked
package dev.slipstream.bench.upstream;

import org.jspecify.annotations.NullMarked;
