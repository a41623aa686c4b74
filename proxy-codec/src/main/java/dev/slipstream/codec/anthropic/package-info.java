/** The Anthropic dialect as bytes. Without state; buffers are borrowed. */
@NullMarked
package dev.slipstream.codec.anthropic;

import org.jspecify.annotations.NullMarked;
