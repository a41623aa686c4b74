/**
 * Scanning and rewriting of JSON bytes without a tree. Scanners are resumable, belong to one request or answer at a
 * time and borrow what they read; the rewriter consumes pieces and gives out slices of them, owned by whoever takes
 * them.
 */
@NullMarked
package dev.slipstream.codec.json;

import org.jspecify.annotations.NullMarked;
