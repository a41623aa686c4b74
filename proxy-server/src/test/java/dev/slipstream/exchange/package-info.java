/** Tests of exchanges. */
@NullMarked
package dev.slipstream.exchange;

import org.jspecify.annotations.NullMarked;
