/** What goes wrong between a client, the proxy and a provider, over sockets, and what must be left of it: nothing. */
@NullMarked
package dev.slipstream.bench.faults;

import org.jspecify.annotations.NullMarked;
