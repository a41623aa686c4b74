/** The strict HTTP/1.1 codec of both sides: heads are flat, bodies are slices. */
@NullMarked
package dev.slipstream.codec.http1;

import org.jspecify.annotations.NullMarked;
