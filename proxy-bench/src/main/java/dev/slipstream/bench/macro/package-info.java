/**
 * Loads that a whole proxy is put under. Clients are threads with blocking sockets, on purpose: they share nothing with
 * what they try.
 */
@NullMarked
package dev.slipstream.bench.macro;

import org.jspecify.annotations.NullMarked;
