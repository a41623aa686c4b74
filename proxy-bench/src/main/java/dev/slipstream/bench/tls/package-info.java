/**
 * Certificates for stand-in providers, tests and measurements: an authority of their own and what it signs, or
 * does not. Made anew at each start, kept in memory, never trusted by anyone who is not told to.
 *
 * <p><b>Threads.</b> Making one runs a process and blocks: never on an event loop. What is made is immutable.
 */
@NullMarked
package dev.slipstream.bench.tls;

import org.jspecify.annotations.NullMarked;
