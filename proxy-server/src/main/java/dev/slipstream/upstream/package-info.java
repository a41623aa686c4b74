/**
 * Connections to the providers: pools per loop that share their bounds over the process, and the streams on them.
 * Everything but {@link dev.slipstream.upstream.PoolShare} and {@link dev.slipstream.upstream.AddressCache} is confined
 * to one loop.
 */
@NullMarked
package dev.slipstream.upstream;

import org.jspecify.annotations.NullMarked;
