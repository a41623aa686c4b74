/** The OpenAI dialect as bytes. Without state; buffers are borrowed. */
@NullMarked
package dev.slipstream.codec.openai;

import org.jspecify.annotations.NullMarked;
