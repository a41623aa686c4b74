/** Tests of counts and keys. */
@NullMarked
package dev.slipstream.limit;

import org.jspecify.annotations.NullMarked;
