/** Bytes, eight at a time: pure functions without state, for any thread. */
@NullMarked
package dev.slipstream.codec.bytes;

import org.jspecify.annotations.NullMarked;
