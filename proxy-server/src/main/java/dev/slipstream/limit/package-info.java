/**
 * Who may ask, and how much: keys, and counts that hold for the whole process whatever loop asks. Safe on any thread
 * unless a class says otherwise.
 */
@NullMarked
package dev.slipstream.limit;

import org.jspecify.annotations.NullMarked;
