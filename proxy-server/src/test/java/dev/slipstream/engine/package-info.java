/** Tests of the whole engine, from a client's bytes to a provider's and back, without sockets. */
package dev.slipstream.engine;
