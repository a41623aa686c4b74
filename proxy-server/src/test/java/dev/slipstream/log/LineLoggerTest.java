package dev.slipstream.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Properties;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@DisplayName("The log")
class LineLoggerTest {
    private final LogProvider provider = new LogProvider();
    private Properties before = new Properties();

    @BeforeEach
    void keepTheProperties() {
        before = System.getProperties();
        System.setProperties((Properties) before.clone());
        System.clearProperty(LogProvider.LEVEL);
    }

    @AfterEach
    void restoreTheProperties() {
        System.setProperties(before);
    }

    private Logger logger(String name) {
        return provider.getLoggerFactory().getLogger(name);
    }

    private String written(String name, Consumer<Logger> what) {
        PrintStream usual = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, UTF_8));
        try {
            what.accept(logger(name));
        } finally {
            System.setErr(usual);
        }
        return bytes.toString(UTF_8);
    }

    @Test
    @DisplayName("is this backend, found by its name or without")
    void isFound() {
        assertTrue(LoggerFactory.getLogger("x") instanceof LineLogger);
    }

    @Test
    @DisplayName("has a line for each message: time, level, class and text")
    void line() {
        String line = written("dev.slipstream.Some", log -> log.warn("{} of {}", 2, "three"));
        assertTrue(line.endsWith(" WARN Some - 2 of three" + System.lineSeparator()), line);
        String time = line.substring(0, line.indexOf(' '));
        assertTrue(time.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)"), time);
        Duration age = Duration.between(OffsetDateTime.parse(time), OffsetDateTime.now(ZoneId.systemDefault()));
        assertTrue(age.compareTo(Duration.ofMinutes(1)) < 0 && !age.isNegative(), time);
    }

    @Test
    @DisplayName("has the stack trace behind the line")
    void stackTrace() {
        String text = written("a.B", log -> log.error("broken", new IllegalStateException("why")));
        String[] lines = text.split(System.lineSeparator(), -1);
        assertTrue(lines[0].endsWith(" ERROR B - broken"), text);
        assertEquals("java.lang.IllegalStateException: why", lines[1]);
        assertTrue(lines[2].startsWith("\tat " + LineLoggerTest.class.getName()), text);
    }

    @Test
    @DisplayName("leaves out what is below its level, which is info")
    void level() {
        assertEquals("", written("a.B", log -> log.debug("x")));
        assertFalse(written("a.B", log -> log.info("x")).isEmpty());
        System.setProperty(LogProvider.LEVEL, "error");
        assertEquals("", written("a.C", log -> log.warn("x")));
        assertFalse(written("a.C", log -> log.error("x")).isEmpty());
    }

    @Test
    @DisplayName("has levels of its own for names, of which the longest holds")
    void levelsByName() {
        System.setProperty(LogProvider.LEVEL, "debug");
        System.setProperty(LogProvider.LEVEL + ".io.netty", "info");
        System.setProperty(LogProvider.LEVEL + ".io.netty.handler", "warn");
        assertTrue(logger("io.nettyx.A").isDebugEnabled());
        assertFalse(logger("io.netty.A").isDebugEnabled());
        assertTrue(logger("io.netty.A").isInfoEnabled());
        assertFalse(logger("io.netty.handler.A").isInfoEnabled());
        assertTrue(logger("io.netty.handler.A").isWarnEnabled());
        assertFalse(logger("x").isTraceEnabled());
        assertTrue(logger("x").isErrorEnabled());
    }

    @Test
    @DisplayName("has one logger for a name")
    void one() {
        assertSame(logger("a.B"), logger("a.B"));
    }
}
