/**
 * The strict HTTP/1.1 codec of both sides: heads are flat, bodies are slices. A parser, a decoder and a head belong to
 * one connection or exchange and are confined to it; input is borrowed, and a head keeps a copy of its bytes, never
 * the buffer.
 */
@NullMarked
package dev.slipstream.codec.http1;

import org.jspecify.annotations.NullMarked;
