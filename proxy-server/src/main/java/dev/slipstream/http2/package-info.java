/** What both sides' HTTP/2 has in common, above Netty's codec. Knows neither requests nor providers. */
@NullMarked
package dev.slipstream.http2;

import org.jspecify.annotations.NullMarked;
