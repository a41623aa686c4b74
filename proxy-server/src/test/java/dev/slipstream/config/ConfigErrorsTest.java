package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of error, with its line. */
class ConfigErrorsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    lisen: {}                              | lisen is not known; did you mean listen?
                    timeouts: { conect: 1s }               | timeouts.conect is not known; did you mean connect?
                    first_byte: 1s                         | first_byte is not known here; did you mean timeouts.first_byte?
                    timeouts: { connect: 5 }               | timeouts.connect: must be a duration such as 250ms, 10s, 5m or 1h; the unit is missing (here: 5)
                    timeouts: { connect: 5x }              | timeouts.connect: must be a duration such as 250ms, 10s, 5m or 1h (here: 5x)
                    timeouts: { connect: 9ms }             | timeouts.connect: must lie between 10ms and 168h, or be 0 (off) (here: 9ms)
                    timeouts: { connect: 99999999999h }    | timeouts.connect: must lie between 10ms and 168h, or be 0 (off) (here: 99999999999h)
                    timeouts: { connect: }                 | timeouts.connect has no value
                    timeouts: { connect: [1s] }            | timeouts.connect must be a single value
                    timeouts: [1s]                         | timeouts must be a map (key: value)
                    limits: { header: 32KB }               | limits.header: must be a size such as 512B, 64KiB, 2MiB or 1GiB (here: 32KB)
                    limits: { header: 0 }                  | limits.header: must lie between 256B and 1MiB (here: 0)
                    limits: { header_fields: many }        | limits.header_fields: must be a whole number (here: many)
                    limits: { header_fields: -1 }          | limits.header_fields: must be a whole number (here: -1)
                    runtime: { loops: 257 }                | runtime.loops: must lie between 1 and 256 (here: 257)
                    runtime: { loops: all }                | runtime.loops: must be auto or a whole number (here: all)
                    runtime: { transport: epol }           | runtime.transport: must be one of auto, epoll, io_uring, nio; the nearest is epoll (here: epol)
                    runtime: { warm_up: perhaps }          | runtime.warm_up: must be true or false (here: perhaps)
                    listen: { address: "8080" }            | listen.address: must be HOST:PORT, [IPV6]:PORT or :PORT, with a port from 0 to 65535 (here: 8080)
                    listen: { address: "::1:8080" }        | listen.address: an IPv6 address stands in brackets, as in [::1]:8080 (here: ::1:8080)
                    listen: { address: "[::g]:1" }         | listen.address: holds no valid IPv6 address between the brackets (here: [::g]:1)
                    listen: { address: "127.1:80" }        | listen.address: holds an address that is not in the form 127.0.0.1 (here: 127.1:80)
                    listen: { address: "0.0.0.0:80" }      | listen.address: beyond loopback keys must be set, else everyone uses your providers' credentials
                    admin: { address: ":80" }              | admin.address: beyond loopback admin.token must be set, for metrics and configuration are served
                    admin: { address: "127.0.0.1:8080" }   | listen.address and admin.address are the same: 127.0.0.1:8080
                    log: { level: warning }                | log.level: must be one of trace, debug, info, warn, error; the nearest is warn (here: warning)
                    log: { access: "${NOT_SET}" }          | log.access: the variable NOT_SET is not set (${NOT_SET:-default} would give it a default)
                    log: { access: "${" }                  | log.access: a ${ is not closed by } (write $${ for a literal ${)
                    log: { access: "${9}" }                | log.access: ${…} must hold a variable's name, as ${NAME} or ${NAME:-default}
                    listen: { tls: { key: k.pem } }        | listen.tls: needs a certificate and its key
                    listen: { tls: {} }                    | listen.tls: needs a certificate and its key
                    listen: { tls: { certificates: [ { key: k.pem } ] } } | listen.tls.certificates[0]: needs a certificate and its key
                    listen: { tls: { certificate: "%CERTIFICATE%", key: /no/such } }  | listen.tls.key: cannot be read (/no/such)
                    listen: { tls: { certificate: /no/such, key: "%KEY%" } }          | listen.tls.certificate: cannot be read (/no/such)
                    listen: { tls: { certificate: "%KEY%", key: "%KEY%" } }           | listen.tls.certificate: holds no certificate (-----BEGIN CERTIFICATE-----) (%KEY%)
                    listen: { tls: { certificate: "%CERTIFICATE%", key: "%CERTIFICATE%" } } | listen.tls.key: holds no private key (-----BEGIN PRIVATE KEY-----) (%CERTIFICATE%)
                    listen: { tls: { certificate: "%CERTIFICATE%", key: "%OTHER%" } } | listen.tls.key: does not fit the certificate (%CERTIFICATE%)
                    listen: { tls: { certificate: "%CERTIFICATE%", key: "%LOCKED%" } } | listen.tls.key: holds a key with a passphrase, and there is nobody to enter it (%LOCKED%)
                    listen: { tls: { certificate: "%CERTIFICATE%", key: "%KEY%", client_certificate: required } } | listen.tls: client_certificate needs a client_ca, which says who signs them
                    listen: { tls: { certificate: "%CERTIFICATE%", key: "%KEY%", client_certificate: required, client_ca: /no/such } } | listen.tls.client_ca: cannot be read (/no/such)
                    listen: { tls: { certificate: "%CERTIFICATE%", key: "%KEY%", client_certificate: some } } | listen.tls.client_certificate: must be one of none, optional, required; the nearest is none (here: some)
                    cache: {}                              | cache is not in this version
                    vision: x                              | vision is not known here; did you mean models.[].vision?
                    timeouts: { ping: 500ms }              | timeouts.ping: must lie between 1s and 300s, or be 0 (off) (here: 500ms)
                    timeouts: { ping: 6m }                 | timeouts.ping: must lie between 1s and 300s, or be 0 (off) (here: 6m)
                    keys: { name: x }                      | keys must be a list (lines that begin with -)
                    keys: [ text ]                         | keys[0] must be a map (key: value)
                    keys: [ { key: 12345678 } ]            | keys[0]: has no name
                    keys: [ { name: x } ]                  | keys[0]: has neither key nor key_sha256
                    keys: [ { name: x, key: short } ]      | keys[0].key: must have at least 8 characters
                    keys: [ { name: x, key: "a b c d e" } ] | keys[0].key: must be printable ASCII without spaces
                    keys: [ { name: x, key_sha256: abc } ] | keys[0].key_sha256: must be 64 hexadecimal digits
                    keys: [ { name: x, key: 12345678 }, { name: x, key: 123456789 } ] | keys[1]: has the same name as keys[0]
                    keys: [ { name: x, key: 12345678 }, { name: y, key: 12345678 } ]  | keys[1]: is the same key as keys[0]
                    limits: &anchor {}                     | YAML anchors (&name) are not supported
                    limits: !!map {}                       | YAML tags (!name) are not supported
                    limits: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]] | this is nested too deeply for a configuration
                    ? [a]                                  | a key must be plain text
                    limits: !sk-a-key!x {}                 | this is not YAML: while parsing a node: found undefined tag handle
                    log: { level: "\\usk-a" }              | this is not YAML: while scanning a double-quoted scalar: expected escape sequence of 4 hexadecimal numbers
                    """)
    void anErrorOfTheGlobalPartIsToldAtItsLine(String line, String message) {
        // The YAML's own errors end the reading, so the rest of the file is not looked at.
        String yaml = Configs.MINIMAL + Pems.named(line.strip()) + "\n";
        assertEquals(List.of("test.yaml:6: " + Pems.named(message.strip())), Configs.errors(yaml));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    base_url: "ftp://h/"                     | base_url: must begin with https:// or http://
                    base_url: "file:///etc/passwd"           | base_url: must begin with https:// or http://
                    base_url: "http://user:pw@h/"            | base_url: must not hold a user or a password; use api_key
                    base_url: "http://h/?a=b"                | base_url: must not have a query or a fragment
                    base_url: "http://h/#a"                  | base_url: must not have a query or a fragment
                    base_url: "http://169.254.169.254/"      | base_url: names a link-local or metadata address, which no provider has
                    base_url: "http://[fe80::1]/"            | base_url: names a link-local or metadata address, which no provider has
                    base_url: "http://[::ffff:169.254.169.254]/" | base_url: names a link-local or metadata address, which no provider has
                    base_url: "http://[::169.254.169.254]/"  | base_url: names a link-local or metadata address, which no provider has
                    base_url: "http://[64:ff9b::a9fe:a9fe]/" | base_url: names a link-local or metadata address, which no provider has
                    base_url: "http://[fd00:ec2::254]/"      | base_url: names a link-local or metadata address, which no provider has
                    base_url: "http://metadata.google.internal/" | base_url: names a link-local or metadata address, which no provider has
                    base_url: "http://2852039166/"           | base_url: holds an address that is not in the form 127.0.0.1
                    base_url: "http://0xa9fea9fe/"           | base_url: holds an address that is not in the form 127.0.0.1
                    base_url: "http://h:0/"                  | base_url: must have a port from 1 to 65535, or none
                    base_url: "http://h:65536/"              | base_url: must have a port from 1 to 65535, or none
                    base_url: "http:///v1"                   | base_url: holds no valid host name
                    base_url: "http://h/a b"                 | base_url: holds a character that a URL must not hold
                    base_url: "http://h/a\\\\b"              | base_url: holds a character that a URL must not hold
                    base_url: "http://h/a%2"                 | base_url: holds a path that a URL must not hold
                    base_url: "http://h/../x"                | base_url: must not hold . or .. in its path
                    base_url: "https://h", http: h2c         | http: h2c is HTTP/2 without TLS, and the base_url is https; write 2
                    base_url: "http://h", tls: { ca: x }     | tls: has no meaning with an http:// base_url
                    base_url: "https://h", tls: { ca: /no/such } | tls.ca: cannot be read (/no/such)
                    base_url: "https://h", tls: { server_name: "a b" } | tls.server_name: holds no valid host name
                    base_url: "http://h", peek: true         | peek: true is not in this version
                    base_url: "http://h", inject_usage: yes  | inject_usage: must be one of auto, on, off; the nearest is on (here: yes)
                    base_url: "http://h", discover: maybe    | discover: must be true or false (here: maybe)
                    base_url: "http://h", translation: true  | translation must be a map (key: value)
                    base_url: "http://h", translation: { topk: true } | translation.topk is not known; did you mean top_k?
                    base_url: "http://h", translation: { top_k: 1 } | translation.top_k: must be one of auto, true, false; the nearest is auto (here: 1)
                    base_url: "http://h", translation: { max_tokens_field: max_output_tokens } | translation.max_tokens_field: must be one of auto, max_tokens, max_completion_tokens; the nearest is max_tokens (here: max_output_tokens)
                    base_url: "http://h", translation: { reasoning: deep } | translation.reasoning: must be one of auto, none, effort, budget, switch; the nearest is auto (here: deep)
                    base_url: "http://h", translation: { max_stop: few } | translation.max_stop: must be auto or a whole number (here: few)
                    base_url: "http://h", timeouts: { ping: 1ms }  | timeouts.ping: must lie between 1s and 300s, or be 0 (off) (here: 1ms)
                    base_url: "http://h", api_key: "a b"     | api_key: must be printable ASCII without spaces
                    base_url: "http://h", headers: { Host: x }   | headers.Host: is set by the proxy itself and cannot be configured
                    base_url: "http://h", headers: { Accept-Encoding: x } | headers.Accept-Encoding: is set by the proxy itself and cannot be configured
                    base_url: "http://h", headers: { "a b": x }  | headers.a b: is not a field's name
                    base_url: "http://h", headers: { a: "x\\r\\ny: z" } | headers.a: holds a character that a field's value must not hold
                    base_url: "http://h", headers: { a: x, A: y } | headers.A: is set twice (names do not differ by case)
                    base_url: "http://h", timeouts: { linger: 1s } | timeouts.linger: this one is set for the whole process, under timeouts, not for a provider
                    base_url: "http://h", pool: { warm: 2000 }     | pool.warm: must lie between 0 and 1024 (here: 2000)
                    base_url: "http://h", api_kee: x               | api_kee is not known; did you mean api_key?
                    """)
    void anErrorOfAProviderIsToldAtItsLine(String fields, String message) {
        String yaml = "providers:\n  p: { dialect: openai, " + fields.strip() + " }\n";
        assertEquals(List.of("test.yaml:2: providers.p." + message.strip()), Configs.errors(yaml));
    }

    @Test
    void aProviderNeedsItsDialectItsUrlAndAGoodName() {
        String yaml =
                "providers:\n  p:\n  'a b': { base_url: http://h, dialect: openai }\n  q: { base_url: http://h, dialect: opnai }\n";
        assertEquals(
                List.of(
                        "test.yaml:2: providers.p: has no dialect (openai or anthropic)",
                        "test.yaml:2: providers.p: has no base_url",
                        "test.yaml:3: providers.a b: a provider's name is 1 to 64 letters, digits, dots, dashes and underscores",
                        "test.yaml:4: providers.q.dialect: must be one of openai, anthropic; the nearest is openai (here: opnai)"),
                Configs.errors(yaml));
    }

    @Test
    void whatWasMeantIsLookedForOnlyWhereItIsTold() {
        Problems problems = new Problems();
        int[] asked = {0};
        for (int i = 0; i < 3 * Problems.MAX_ERRORS; i++) {
            problems.error(new Origin("test.yaml", 1), () -> "mistake " + ++asked[0]);
        }
        assertEquals(Problems.MAX_ERRORS, asked[0]);
        assertEquals(
                "and 200 more errors",
                problems.errors().get(Problems.MAX_ERRORS).message());
    }

    @Test
    void theNameThatWasMeantIsShownWithoutWhatATerminalObeys() {
        String yaml = """
                providers:
                  "on\te": { base_url: "http://h", dialect: openai }
                models: [ { name: "*", targets: [ { provider: one } ] } ]
                """;
        assertTrue(Configs.errors(yaml)
                .contains("test.yaml:3: models[0].targets[0].provider: there is no provider one; did you mean on?e?"));
    }

    @Test
    void withoutProvidersThereIsNothingToServe() {
        assertEquals(List.of("test.yaml: providers: names no provider; at least one is needed"), Configs.errors(""));
        assertEquals(
                List.of("test.yaml:2: providers: names no provider; at least one is needed"),
                Configs.errors("\nproviders: {}\n"));
    }

    @Test
    void modelsAreCheckedAgainstTheProviders() {
        String yaml = """
                providers:
                  one: { base_url: "http://h", dialect: openai }
                models:
                  - name: a
                    targets: [ { provider: on } ]
                  - name: a
                    targets: [ { provider: one } ]
                  - name: "a*b"
                    targets: []
                  - targets: [ { model: x } ]
                  - name: c
                    targets:
                      - provider: one
                        model: "x*"
                """;
        assertEquals(
                List.of(
                        "test.yaml:5: models[0].targets[0].provider: there is no provider on; did you mean one?",
                        "test.yaml:6: models[1]: the model a already stands in line 4",
                        "test.yaml:8: models[2].name: * may only be the last character",
                        "test.yaml:8: models[2]: has no targets",
                        "test.yaml:10: models[3]: has no name",
                        "test.yaml:10: models[3].targets[0]: has no provider",
                        "test.yaml:14: models[4].targets[0].model: * has no meaning here; without model the client's name is passed on"),
                Configs.errors(yaml));
    }

    @Test
    void aVisionModelIsAnotherConfiguredModelThatHasNone() {
        String yaml = """
                providers:
                  p: { base_url: "http://h", dialect: openai }
                models:
                  - { name: glm-4.6, vision: glm-45v, targets: [ { provider: p } ] }
                  - { name: glm-4.5v, targets: [ { provider: p } ] }
                  - { name: self, vision: self, targets: [ { provider: p } ] }
                  - { name: chain, vision: good, targets: [ { provider: p } ] }
                  - { name: good, vision: glm-4.5v, targets: [ { provider: p } ] }
                  - { name: "w*", vision: "w*", targets: [ { provider: p } ] }
                """;
        assertEquals(
                List.of(
                        "test.yaml:4: models[0].vision: there is no model glm-45v (one without a *); did you mean glm-4.5v?",
                        "test.yaml:6: models[2].vision: names the model itself",
                        "test.yaml:7: models[3].vision: good has a vision model itself, so it takes no images",
                        "test.yaml:9: models[5].vision: there is no model w* (one without a *); did you mean self?"),
                Configs.errors(yaml));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    assumed_context: -1          | assumed_context: must be a whole number (here: -1)
                    context_window: 128k         | context_window: must be a whole number (here: 128k)
                    max_output_tokens: 10000001  | max_output_tokens: must lie between 1 and 10000000, or be 0 (off) (here: 10000001)
                    default_max_tokens: 0        | default_max_tokens: must lie between 1 and 10000000 (here: 0)
                    sampling: perhaps            | sampling: must be true or false (here: perhaps)
                    visions: x                   | visions is not known; did you mean vision?
                    """)
    void anErrorOfAModelIsToldAtItsLine(String field, String message) {
        String yaml = """
                providers: { p: { base_url: "http://h", dialect: openai } }
                models:
                  - { name: m, targets: [ { provider: p } ], %s }
                """.formatted(field.strip());
        assertEquals(List.of("test.yaml:3: models[0]." + message.strip()), Configs.errors(yaml));
    }

    @Test
    void aKeyThatStandsTwiceIsAnErrorAtEveryLevel() {
        String yaml = Configs.MINIMAL + "log: { level: info, level: warn }\npool: {}\npool: {}\n";
        assertEquals(
                List.of(
                        "test.yaml:6: log.level is set twice; the first time in line 6",
                        "test.yaml:8: pool is set twice; the first time in line 7"),
                Configs.errors(yaml));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: b: c",
                "a: [",
                "\tx: 1",
                "a: \"unclosed",
                "a: 'x\n b",
                "- a\nb: c",
                "%",
                "@a",
                "a: *b",
                "{",
                "\u0000"
            })
    void whatIsNotYamlIsOneErrorAndNoException(String yaml) {
        assertEquals(1, Configs.errors(yaml).size(), () -> Configs.errors(yaml).toString());
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertEquals(
                List.of("test.yaml:7: a second document begins here; a configuration is one"),
                Configs.errors(Configs.MINIMAL + "...\n---\na: b\n"));
    }

    @Test
    void aBadVariableOverTheFileIsAnErrorThatNamesTheVariable() {
        assertEquals(
                List.of("SLIPSTREAM_TIMEOUTS_CONNECT: timeouts.connect: must be a duration such as 250ms, 10s, 5m or"
                        + " 1h; the unit is missing (here: 3)"),
                Configs.errors(Configs.MINIMAL, Map.of("SLIPSTREAM_TIMEOUTS_CONNECT", "3")));
    }

    @Test
    void aSyntaxErrorShowsNoPieceOfTheFile() {
        List<String> errors = Configs.errors("keys:\n  - name: x\n    key: sk-secret-secret: oops\n");
        assertEquals(1, errors.size());
        assertFalse(errors.get(0).contains("sk-secret"), errors.get(0));
        assertTrue(errors.get(0).startsWith("test.yaml:3: this is not YAML: "), errors.get(0));
    }

    @Test
    void noErrorShowsTheContentOfAVariable() {
        String secret = "sk-content-of-a-variable";
        String yaml = """
                log: { level: "${S}" }
                listen: { address: "${S}" }
                timeouts: { connect: "${S}" }
                keys: [ { name: n, key: "${S} x" }, { name: n, key_sha256: "${S}" } ]
                providers:
                  p: { base_url: "${S}", dialect: "${S}", api_key: "${S} x", headers: { host: "${S}" } }
                models: [ { name: "${S}*x", vision: "${S}", targets: [ { provider: "${S}" } ] }, { name: "${S}-1", targets: [] } ]
                """;
        List<String> errors = Configs.errors(yaml, Map.of("S", secret));
        assertTrue(errors.size() >= 10, errors.toString());
        assertFalse(errors.toString().contains(secret), errors.toString());
    }

    @Test
    void aFileFullOfErrorsTellsOnlySoMany() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            yaml.append("key").append(i).append(": 1\n");
        }
        List<String> errors = Configs.errors(yaml.toString());
        assertEquals(Problems.MAX_ERRORS + 1, errors.size());
        assertEquals("test.yaml: and 901 more errors", errors.get(Problems.MAX_ERRORS));
    }
}
