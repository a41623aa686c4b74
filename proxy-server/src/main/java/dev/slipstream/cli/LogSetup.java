package dev.slipstream.cli;

import dev.slipstream.config.LogConfig;
import dev.slipstream.log.LogProvider;

/**
 * Sets the log backend up, which reads its system properties once, when the first logger is made: this must run before
 * that. A property that is already set (by {@code -D} on the command line) holds.
 */
final class LogSetup {
    private LogSetup() {}

    static void apply(LogConfig log) {
        // Said rather than looked for: a ServiceLoader opens every jar of the class path, at each start.
        setIfUnset("slf4j.provider", LogProvider.class.getName());
        setIfUnset("slf4j.internal.verbosity", "WARN");
        setIfUnset(LogProvider.LEVEL, log.level());
        if (!log.level().equals("trace")) {
            // Netty's debug output is about its own start, and would drown ours.
            String netty = log.level().equals("debug") ? "info" : log.level();
            setIfUnset(LogProvider.LEVEL + ".io.netty", netty);
            // It tells of every frame that comes for a stream that was given up.
            setIfUnset(LogProvider.LEVEL + ".io.netty.handler.codec.http2", netty.equals("info") ? "warn" : netty);
        }
    }

    private static void setIfUnset(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
