/**
 * From a route to an answer: attempts at targets, what is retried, and the way of the provider's bytes through the taps
 * to the client. Confined to the loop of the exchange.
 */
@NullMarked
package dev.slipstream.dispatch;

import org.jspecify.annotations.NullMarked;
