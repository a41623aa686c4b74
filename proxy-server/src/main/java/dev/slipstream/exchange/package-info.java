/**
 * One request and its answer: the object that carries both through the house, and what travels with it. Confined to the
 * loop of the client's connection. An exchange is owned by its ingress and lent to everyone else.
 */
@NullMarked
package dev.slipstream.exchange;

import org.jspecify.annotations.NullMarked;
