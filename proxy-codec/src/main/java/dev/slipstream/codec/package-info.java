/**
 * Bytes only: no channels, no threads, no clocks. Everything here is confined to whoever calls it; a
 * buffer given to a method is borrowed unless its Javadoc says <em>consumes</em>.
 */
@NullMarked
package dev.slipstream.codec;

import org.jspecify.annotations.NullMarked;
