/** Header compression for HTTP/2 (RFC 7541), the writing side: from byte spans to a header block without garbage. */
@NullMarked
package dev.slipstream.codec.hpack;

import org.jspecify.annotations.NullMarked;
