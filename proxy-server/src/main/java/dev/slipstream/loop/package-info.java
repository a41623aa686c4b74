/**
 * What an event loop offers to everything that lives on it: its transport, clock, deadlines and flushes. One {@link
 * dev.slipstream.loop.Loop} per event loop, touched by that loop alone.
 */
@NullMarked
package dev.slipstream.loop;

import org.jspecify.annotations.NullMarked;
