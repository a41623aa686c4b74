package dev.slipstream.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * A logger whose records are lines on standard error: time (ISO 8601, milliseconds, offset), level, class, message; a stack
 * trace on the lines behind.
 */
final class LineLogger extends LegacyAbstractLogger {
    /** A class of its own: the formatter is made when the first line is written, which the start does not wait for. */
    private static final class Time {
        static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);
    }

    private final String shortName;
    private final int least;

    LineLogger(String name) {
        this.name = name;
        this.shortName = name.substring(name.lastIndexOf('.') + 1);
        this.least = levelOf(name).toInt();
    }

    private static Level levelOf(String name) {
        for (String above = name; !above.isEmpty(); above = above.substring(0, Math.max(0, above.lastIndexOf('.')))) {
            String level = System.getProperty(LogProvider.LEVEL + "." + above);
            if (level != null) {
                return parse(level);
            }
        }
        return parse(System.getProperty(LogProvider.LEVEL, "info"));
    }

    /** What is no level is the usual one: a property that is misspelt on the command line ends no process. */
    private static Level parse(String text) {
        return switch (text) {
            case "trace" -> Level.TRACE;
            case "debug" -> Level.DEBUG;
            case "warn" -> Level.WARN;
            case "error" -> Level.ERROR;
            default -> Level.INFO;
        };
    }

    @Override
    public boolean isTraceEnabled() {
        return least <= Level.TRACE.toInt();
    }

    @Override
    public boolean isDebugEnabled() {
        return least <= Level.DEBUG.toInt();
    }

    @Override
    public boolean isInfoEnabled() {
        return least <= Level.INFO.toInt();
    }

    @Override
    public boolean isWarnEnabled() {
        return least <= Level.WARN.toInt();
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable cause) {
        StringWriter text = new StringWriter();
        text.append(Time.FORMAT.format(OffsetDateTime.now(ZoneId.systemDefault())))
                .append(' ')
                .append(level.toString())
                .append(' ')
                .append(shortName)
                .append(" - ")
                .append(MessageFormatter.basicArrayFormat(message, arguments))
                .append(System.lineSeparator());
        if (cause != null) {
            cause.printStackTrace(new PrintWriter(text, true));
        }
        // Asked for at each line: whoever runs us may have put another one there. In one piece: threads do not mix
        // lines.
        System.err.print(text);
        System.err.flush();
    }
}
