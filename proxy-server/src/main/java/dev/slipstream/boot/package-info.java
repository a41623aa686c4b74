/**
 * Wiring: makes a Slipstream out of its parts and takes it apart again. {@link dev.slipstream.boot.LoopAssembly} is
 * the one place where the parts of a loop are put together.
 *
 * <p>{@link dev.slipstream.boot.Slipstream} owns the loops, the allocator, the listeners and the name look-ups, and
 * closes them. Its methods run on any thread but a loop's, because some wait; a LoopAssembly is made outside of its
 * loop and from then on touched there alone.
 */
@NullMarked
package dev.slipstream.boot;

import org.jspecify.annotations.NullMarked;
