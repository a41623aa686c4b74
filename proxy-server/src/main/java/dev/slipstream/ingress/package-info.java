/**
 * The client's side: connections are accepted and given to loops, bytes become messages of an exchange, and its answer
 * becomes bytes. {@link dev.slipstream.ingress.ProxyPipeline} is the list of stages. A connection lives on one loop,
 * which alone touches it, and owns the exchange under way and the bytes it has read and not handed on. Only the
 * acceptor's choice and {@link dev.slipstream.ingress.ClientConnections} cross threads. Classes named {@code H1…} know
 * HTTP/1.1; the others serve any protocol of a client.
 */
@NullMarked
package dev.slipstream.ingress;

import org.jspecify.annotations.NullMarked;
