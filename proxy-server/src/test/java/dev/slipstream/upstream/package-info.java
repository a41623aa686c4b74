/** Tests of the pools and of what opens their connections. */
@NullMarked
package dev.slipstream.upstream;

import org.jspecify.annotations.NullMarked;
