package dev.slipstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.KeyReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, their output and their exit codes. */
class CommandLineTest {
    private static final String GOOD = """
            providers:
              one: { base_url: "http://127.0.0.1:9001/v1", dialect: openai }
            models:
              - name: "*"
                targets: [ { provider: one } ]
            """;

    @TempDir
    private Path directory = Path.of("");

    private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    private String input = "";

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertEquals(0, run("--help"));
        assertTrue(out().contains("serve [--config FILE]"), out());
        assertEquals(0, run("--version"));
        assertTrue(out().contains("slipstream "), out());
        assertEquals("", err());
    }

    @Test
    void withoutACommandTheHelpIsAUsageError() {
        assertEquals(2, run());
        assertEquals("", out());
        assertTrue(err().contains("slipstream serve"), err());
    }

    /** All of its requests: chat and messages, whole and streamed; health, models, metrics in two forms. */
    @Test
    void theRehearsalServesItsOwnRequestsAndEnds() {
        PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8);
        // It sets the log up for good, in a process of its own.
        Properties before = System.getProperties();
        System.setProperties((Properties) before.clone());
        try {
            assertEquals(0, RehearseCommand.run(out, err, Signals.none()), () -> out() + err());
        } finally {
            System.setProperties(before);
        }
        assertTrue(out().startsWith("slipstream ready api=127.0.0.1:"), out());
        assertTrue(out().contains("rehearsed 8 requests"), out());
        assertEquals("", err());
    }

    @Test
    void anUnknownCommandNamesTheNearest() {
        assertEquals(2, run("serv"));
        assertTrue(err().contains("did you mean serve?"), err());
    }

    @Test
    void theBenchModulesCommandsAreTheLaunchers() {
        assertEquals(2, run("demo"));
        assertTrue(err().contains("scripts/slipstream"), err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--confg x", "--config", "--listen", "x", "--config= --what"})
    void aWrongOptionOfServeIsAUsageError(String options) {
        String[] words = ("serve " + options).split(" ");
        assertEquals(2, run(words));
        assertTrue(err().contains("usage: slipstream serve"), err());
    }

    @Test
    void serveWithoutAnythingShowsASampleAndTheDemo() {
        assertEquals(1, run("serve"));
        assertTrue(err().contains("demo") && err().contains("ZAI_API_KEY") && err().contains("providers:"), err());
        assertEquals("", out());
    }

    @Test
    void serveFindsTheFileOfTheWorkingDirectory() throws IOException {
        write("slipstream.yaml", "oops: 1\n");
        assertEquals(1, run("serve"));
        assertTrue(err().contains("slipstream.yaml:1: oops is not known"), err());
    }

    @Test
    void serveTellsAllErrorsOfANamedFileAsTheUserNamedIt() throws IOException {
        write("my.yaml", GOOD + "oops: 1\nlog: { level: x }\n");
        assertEquals(1, run("serve", "--config", "my.yaml"));
        assertTrue(err().contains("my.yaml:6: oops") && err().contains("my.yaml:7: log.level"), err());
        assertEquals(1, run("serve", "--config=none.yaml"));
        assertTrue(err().contains("none.yaml: there is no such file"), err());
    }

    @Test
    void aWrongListenAddressNamesTheOption() throws IOException {
        write("slipstream.yaml", GOOD);
        assertEquals(1, run("serve", "--listen", "nowhere"));
        assertTrue(err().startsWith("--listen: listen.address: must be HOST:PORT"), err());
    }

    @Test
    void checkConfigCountsWhatIsThere() throws IOException {
        write("good.yaml", GOOD);
        assertEquals(0, run("check-config", "good.yaml"));
        assertEquals("ok: 1 providers, 1 models\n", out());
        assertEquals("", err());
    }

    @Test
    void checkConfigTellsAllErrorsByLine() throws IOException {
        write("bad.yaml", "oops: 1\n" + GOOD + "pool: { warm: x }\n");
        assertEquals(1, run("check-config", "bad.yaml"));
        assertEquals("", out());
        assertTrue(err().contains("bad.yaml:1: ") && err().contains("bad.yaml:7: "), err());
    }

    @Test
    void checkConfigNeedsAFile() {
        assertEquals(2, run("check-config"));
        assertEquals(2, run("check-config", "--what", "x"));
    }

    @Test
    void aGeneratedKeyIsNewLongAndFitsItsHash() {
        assertEquals(0, run("keys", "generate", "--name", "it's me"));
        String first = out();
        String key = valueOf("key:", first);
        assertTrue(key.matches("sk-slip-[A-Za-z0-9_-]{32,}"), key);
        assertEquals(KeyReader.sha256Hex(key), valueOf("key_sha256:", first));
        assertTrue(first.contains("  - name: 'it''s me'\n    key_sha256: \"" + KeyReader.sha256Hex(key)), first);
        outBytes.reset();
        assertEquals(0, run("keys", "generate"));
        assertNotEquals(key, valueOf("key:", out()));
    }

    @Test
    void aKeyIsHashedFromStandardInputAndNotShown() {
        input = "sk-slip-something\r\n";
        assertEquals(0, run("keys", "hash"));
        assertEquals("key_sha256: \"" + KeyReader.sha256Hex("sk-slip-something") + "\"\n", out());
        assertFalse(out().contains("something"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "with spaces in it"})
    void whatIsNoKeyIsNotHashed(String text) {
        input = text;
        assertEquals(1, run("keys", "hash"));
        assertEquals("", out());
    }

    @Test
    void keysNeedsACommand() {
        assertEquals(2, run("keys"));
        assertTrue(err().contains("generate or hash"), err());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private int run(String... args) {
        return Main.run(
                args,
                Map.of(),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                directory);
    }

    private String out() {
        return outBytes.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return errBytes.toString(StandardCharsets.UTF_8);
    }

    private static String valueOf(String label, String text) {
        for (String line : text.split("\n")) {
            if (line.startsWith(label)) {
                return line.substring(label.length()).strip();
            }
        }
        return "";
    }
}
