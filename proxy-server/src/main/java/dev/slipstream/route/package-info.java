/**
 * Where a request may go: endpoints by path, models by name, targets in order. Immutable tables built from a
 * configuration, shared by all loops.
 */
@NullMarked
package dev.slipstream.route;

import org.jspecify.annotations.NullMarked;
