/**
 * Where SLF4J's calls end: lines on standard error. A backend of our own because those there are take a tenth of the start
 * to prepare for what a quiet process never writes. Any thread; a line goes out in one write.
 *
 * <p>System properties, read when a logger is first asked for: {@code slipstream.log.level} (trace, debug, info, warn, error;
 * info where it is not set), and the same with {@code .NAME} behind it for loggers below that name.
 */
@NullMarked
package dev.slipstream.log;

import org.jspecify.annotations.NullMarked;
