/**
 * The stages of the pipeline, in the order of {@link dev.slipstream.metrics.Stage}: one handler, one file, one
 * histogram each. One instance of each serves all connections of a loop, is confined to that loop, and keeps nothing
 * of any request: that is the exchange's, which stages borrow. Body bytes that a stage takes off their message are its
 * to release, to pass on, or to give to the exchange to hold.
 */
@NullMarked
package dev.slipstream.stage;

import org.jspecify.annotations.NullMarked;
