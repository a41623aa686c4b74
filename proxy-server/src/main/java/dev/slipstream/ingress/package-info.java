/**
 * The client's side: connections are accepted and given to loops, bytes become messages of an exchange, and its answer
 * becomes bytes. {@link dev.slipstream.ingress.ProxyPipeline} is the list of stages. A connection lives on one loop.
 */
@NullMarked
package dev.slipstream.ingress;

import org.jspecify.annotations.NullMarked;
