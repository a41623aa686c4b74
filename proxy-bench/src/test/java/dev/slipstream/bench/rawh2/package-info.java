/**
 * HTTP/2 by hand, for tests that have to say what no library would: frames of any type, length and order over a
 * blocking socket, as a client and as a server. Nothing is checked on the way out; what comes in is only cut into
 * frames, and header blocks are decoded. Every wait has a deadline, and fails as an assertion that tells what came
 * instead.
 *
 * <p><b>Threads.</b> A connection belongs to one thread at a time.
 */
@NullMarked
package dev.slipstream.bench.rawh2;

import org.jspecify.annotations.NullMarked;
