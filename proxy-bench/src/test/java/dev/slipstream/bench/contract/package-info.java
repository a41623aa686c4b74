/**
 * What holds whatever is spoken on the two sides of the proxy: one contract, written once against an {@link
 * dev.slipstream.bench.contract.ApiClient} and run over every {@link dev.slipstream.bench.contract.Setup}; and what TLS
 * and HTTP/2 add to it on the provider's side. {@code scripts/test} runs a few of the setups in which every choice
 * occurs, some for the answers and others for the flow; {@code scripts/conformance} runs all of them, or as many as have
 * every pair of choices.
 */
@NullMarked
package dev.slipstream.bench.contract;

import org.jspecify.annotations.NullMarked;
