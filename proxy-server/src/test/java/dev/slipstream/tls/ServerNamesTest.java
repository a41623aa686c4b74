package dev.slipstream.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.config.PemFiles;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who answers to which name. */
class ServerNamesTest {
    @ParameterizedTest
    @CsvSource({
        "one.example, one",
        "one.example., one",
        "two.example, two",
        "a.two.example, two",
        "a.b.two.example, default",
        ".two.example, default",
        "'*.two.example', two",
        "mixed.example, two",
        "both.example, one",
        "x.both.example, one",
        "exact.both.example, two",
        "example, default",
        "'', default",
        "., default",
        "127.0.0.1, default",
    })
    void theNamePicks(String name, String who) {
        ServerNames<String> names = new ServerNames<>("default");
        names.add("one.example", "one");
        names.add("both.example", "one");
        names.add("*.both.example", "one");
        names.add("two.example", "two");
        names.add("*.two.example", "two");
        names.add("Mixed.EXAMPLE", "two");
        names.add("both.example", "two");
        names.add("*.both.example", "two");
        names.add("exact.both.example", "two");
        assertEquals(who, names.find(name));
    }

    @Test
    void noNameIsTheDefaults() {
        ServerNames<String> names = new ServerNames<>("default");
        names.add("one.example", "one");
        assertEquals("default", names.find(null));
    }

    @Test
    void aCertificateIsForItsDnsNames() throws IOException {
        ServerNames<String> names = new ServerNames<>("default");
        names.add(PemFiles.certificates("src/test/resources/tls/server.pem").get(0), "server");
        names.add(PemFiles.certificates("src/test/resources/tls/rsa.pem").get(0), "nameless");
        assertEquals("server", names.find("localhost"));
        assertEquals("server", names.find("any.test.example"));
        assertEquals("default", names.find("127.0.0.1"));
        assertEquals("default", names.find("rsa"));
    }
}
