/**
 * The official clients of both dialects against whatever speaks them: the simulated provider alone, or the
 * proxy before it.
 */
@NullMarked
package dev.slipstream.bench.clients;

import org.jspecify.annotations.NullMarked;
