/** Tests of what edits answers on their way to the client. */
@NullMarked
package dev.slipstream.transform;

import org.jspecify.annotations.NullMarked;
