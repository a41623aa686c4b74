/** Tests of what a loop offers. */
@NullMarked
package dev.slipstream.loop;

import org.jspecify.annotations.NullMarked;
