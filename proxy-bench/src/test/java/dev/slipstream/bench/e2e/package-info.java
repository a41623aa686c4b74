/**
 * The whole proxy over real sockets, before a provider that is simulated, replayed or scripted; and the commands as
 * processes, as a user starts them.
 */
@NullMarked
package dev.slipstream.bench.e2e;

import org.jspecify.annotations.NullMarked;
