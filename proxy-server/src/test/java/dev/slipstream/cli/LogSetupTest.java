package dev.slipstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.LogConfig;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.spi.SLF4JServiceProvider;

/** What the log backend is told. */
class LogSetupTest {
    private Properties before = new Properties();

    @BeforeEach
    void keepTheProperties() {
        before = System.getProperties();
        System.setProperties((Properties) before.clone());
    }

    @AfterEach
    void restoreTheProperties() {
        System.setProperties(before);
    }

    @Test
    void theLevelIsTheConfigurationsAndNothingGoesToStandardOutput() {
        LogSetup.apply(new LogConfig("debug", "off"));
        assertEquals("debug", System.getProperty("org.slf4j.simpleLogger.defaultLogLevel"));
        assertEquals("System.err", System.getProperty("org.slf4j.simpleLogger.logFile"));
        assertEquals("info", System.getProperty("org.slf4j.simpleLogger.log.io.netty"));
    }

    /** What is found at once opens no other jar: the backend by its name, its file in the jar of this class. */
    @Test
    void theBackendIsNotLookedFor() throws ReflectiveOperationException {
        System.clearProperty("slf4j.provider");
        LogSetup.apply(new LogConfig("info", "off"));
        String provider = System.getProperty("slf4j.provider");
        assertTrue(SLF4JServiceProvider.class.isAssignableFrom(Class.forName(provider)), provider);
        assertNotNull(LogSetup.class.getResource("/simplelogger.properties"));
    }

    @Test
    void aPropertyOfTheCommandLineHolds() {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        LogSetup.apply(new LogConfig("trace", "off"));
        assertEquals("error", System.getProperty("org.slf4j.simpleLogger.defaultLogLevel"));
    }
}
