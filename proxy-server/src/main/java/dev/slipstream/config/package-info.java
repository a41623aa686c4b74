/** Immutable records of what a user can set, and their loader. Used at start and at reload, never on an event loop. */
@NullMarked
package dev.slipstream.config;

import org.jspecify.annotations.NullMarked;
