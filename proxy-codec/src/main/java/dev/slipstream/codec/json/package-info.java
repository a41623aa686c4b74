/** Scanning and rewriting of JSON bytes without a tree. */
@NullMarked
package dev.slipstream.codec.json;

import org.jspecify.annotations.NullMarked;
