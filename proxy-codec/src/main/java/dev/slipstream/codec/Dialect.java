package dev.slipstream.codec;

/** The two API dialects that clients and providers speak. */
public enum Dialect {
    OPENAI,
    ANTHROPIC
}
