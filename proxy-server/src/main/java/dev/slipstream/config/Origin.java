package dev.slipstream.config;

/**
 * Where a value was written.
 *
 * @param source the file's name, or the variable or option that holds the value
 * @param line from 1; 0 where there is no line
 */
record Origin(String source, int line) {}
