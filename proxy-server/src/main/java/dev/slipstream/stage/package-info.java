/**
 * The stages of the pipeline, in the order of {@link dev.slipstream.metrics.Stage}: one handler, one file, one histogram
 * each. One instance of each serves all connections of a loop and keeps nothing of any request.
 */
@NullMarked
package dev.slipstream.stage;

import org.jspecify.annotations.NullMarked;
