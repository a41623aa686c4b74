/**
 * What surrounds the proxy in tests, demonstrations and measurements. Nothing here is on the way of a
 * request through a production process.
 */
@NullMarked
package dev.slipstream.bench;

import org.jspecify.annotations.NullMarked;
