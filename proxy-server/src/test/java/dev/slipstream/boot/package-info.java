/** Tests of what is wired together at the start. */
@NullMarked
package dev.slipstream.boot;

import org.jspecify.annotations.NullMarked;
