/** Counts of tokens: how a client's view of them is scaled, and how many a request has where no provider counts. */
@NullMarked
package dev.slipstream.codec.tokens;

import org.jspecify.annotations.NullMarked;
