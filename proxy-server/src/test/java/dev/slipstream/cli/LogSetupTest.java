package dev.slipstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    void theLevelIsTheConfigurationsAndNettysIsLess() {
        LogSetup.apply(new LogConfig("debug", "off"));
        assertEquals("debug", System.getProperty("slipstream.log.level"));
        assertEquals("info", System.getProperty("slipstream.log.level.io.netty"));
        assertEquals("warn", System.getProperty("slipstream.log.level.io.netty.handler.codec.http2"));
    }

    /** What is found by its name opens no jar. */
    @Test
    void theBackendIsNotLookedFor() throws ReflectiveOperationException {
        System.clearProperty("slf4j.provider");
        LogSetup.apply(new LogConfig("info", "off"));
        String provider = System.getProperty("slf4j.provider");
        assertTrue(SLF4JServiceProvider.class.isAssignableFrom(Class.forName(provider)), provider);
    }

    @Test
    void aPropertyOfTheCommandLineHolds() {
        System.setProperty("slipstream.log.level", "error");
        LogSetup.apply(new LogConfig("trace", "off"));
        assertEquals("error", System.getProperty("slipstream.log.level"));
    }
}
