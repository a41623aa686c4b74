/**
 * TLS towards clients, and the choice of what does it on both sides. {@link dev.slipstream.tls.ServerTls} owns the
 * certificates in use and gives each new connection what it needs; its files are read on a thread of its own, never on a
 * loop. What stands in a pipeline is its connection's, and confined to its loop.
 */
@NullMarked
package dev.slipstream.tls;

import org.jspecify.annotations.NullMarked;
