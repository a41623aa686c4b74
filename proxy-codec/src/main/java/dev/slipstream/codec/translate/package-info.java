/**
 * Translation between the OpenAI and the Anthropic dialect: requests and answers, whole and streamed, each direction a
 * small state machine over {@link dev.slipstream.codec.json.JsonTree} and {@link dev.slipstream.codec.json.JsonOutput}.
 * No input, no output, no clock, no thread: whoever calls gives the time and takes the bytes. Everything here is reused
 * and confined to one thread at a time.
 *
 * <p>Texts are copied as they were escaped and numbers as they were written; nothing is converted that need not be.
 */
@NullMarked
package dev.slipstream.codec.translate;

import org.jspecify.annotations.NullMarked;
