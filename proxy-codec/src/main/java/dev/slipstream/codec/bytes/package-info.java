/** Comparing, hashing and searching runs of bytes without a String. Stateless; nothing here keeps or changes an array. */
@NullMarked
package dev.slipstream.codec.bytes;

import org.jspecify.annotations.NullMarked;
