/**
 * What a relayed event costs and how late it is, and how many streams can be held open: the parts of {@code
 * scripts/bench-streams} that send and read.
 *
 * <p><b>Threads.</b> Provider and clients of {@link dev.slipstream.bench.streams.StreamLoad} share one event loop, since they
 * share a core: neither is scheduled away while the other works. Everything of theirs is confined to it, and read by others
 * when a leg has ended.
 *
 * <p><b>Ownership.</b> Clients release what they read; what the provider writes is given away.
 */
@NullMarked
package dev.slipstream.bench.streams;

import org.jspecify.annotations.NullMarked;
