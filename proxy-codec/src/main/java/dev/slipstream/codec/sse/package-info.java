/**
 * Server-sent events as bytes: finding events in a stream that passes, and writing the few events that the proxy
 * itself says. Nothing here decodes text. Confined to the caller; buffers are borrowed.
 */
@NullMarked
package dev.slipstream.codec.sse;

import org.jspecify.annotations.NullMarked;
