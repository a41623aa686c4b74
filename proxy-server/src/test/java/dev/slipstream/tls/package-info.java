/** Tests of the room for TLS. */
@NullMarked
package dev.slipstream.tls;

import org.jspecify.annotations.NullMarked;
