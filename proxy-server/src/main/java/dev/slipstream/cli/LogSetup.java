package dev.slipstream.cli;

import dev.slipstream.config.LogConfig;

/**
 * Sets the log backend up, which reads its system properties once, when the first logger is made: this must run before
 * that. A property that is already set (by {@code -D} on the command line) holds.
 */
final class LogSetup {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private LogSetup() {}

    static void apply(LogConfig log) {
        // Said rather than looked for: a ServiceLoader opens every jar of the class path, at each start.
        setIfUnset("slf4j.provider", "org.slf4j.simple.SimpleServiceProvider");
        setIfUnset("slf4j.internal.verbosity", "WARN");
        set("defaultLogLevel", log.level());
        // Standard output belongs to the ready line.
        set("logFile", "System.err");
        set("showDateTime", "true");
        set("dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        set("showShortLogName", "true");
        set("showThreadName", "false");
        if (!log.level().equals("trace")) {
            // Netty's debug output is about its own start, and would drown ours.
            String netty = log.level().equals("debug") ? "info" : log.level();
            set("log.io.netty", netty);
            // It tells of every frame that comes for a stream that was given up.
            set("log.io.netty.handler.codec.http2", netty.equals("info") ? "warn" : netty);
        }
    }

    private static void set(String name, String value) {
        setIfUnset(PREFIX + name, value);
    }

    private static void setIfUnset(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
