/**
 * Wiring: makes a Slipstream out of its parts and takes it apart again. {@link dev.slipstream.boot.LoopAssembly} is the
 * one place where the parts of a loop are put together.
 */
@NullMarked
package dev.slipstream.boot;

import org.jspecify.annotations.NullMarked;
