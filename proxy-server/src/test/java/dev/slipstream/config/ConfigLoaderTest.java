package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.ProviderTraits;
import dev.slipstream.codec.translate.ProviderTraits.MaxTokensField;
import dev.slipstream.codec.translate.ProviderTraits.Reasoning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read, and what is kept of it. */
class ConfigLoaderTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        SlipstreamConfig config = Configs.config(Configs.MINIMAL);
        assertEquals(new HostPort("127.0.0.1", 8080), config.listen().address());
        assertEquals(new HostPort("127.0.0.1", 8081), config.admin().address());
        assertEquals(new RuntimeConfig(0, TransportKind.AUTO, true), config.runtime());
        int kib = 1024;
        int mib = 1024 * 1024;
        assertEquals(
                new LimitsConfig(
                        32 * kib, 8 * kib, 200, 32L * mib, 512, 64 * kib, 8L * mib, 64L * mib, 2L * mib, 32L * mib,
                        64 * kib, 10_000, 0, 10_000),
                config.limits());
        assertEquals(
                new TimeoutsConfig(
                        10 * SECOND,
                        120 * SECOND,
                        kib,
                        75 * SECOND,
                        45 * SECOND,
                        10 * SECOND,
                        3 * SECOND,
                        5 * SECOND,
                        600 * SECOND,
                        300 * SECOND,
                        0,
                        30 * SECOND,
                        SECOND,
                        15 * SECOND),
                config.timeouts());
        assertEquals(new PoolConfig(256, 1, 60 * SECOND, 1024, 100), config.pool());
        assertEquals(new LogConfig("info", "off"), config.log());
        assertEquals(List.of(), config.keys());
    }

    @ParameterizedTest
    @CsvSource({
        "http://h, openai, h, 80, h, ''",
        "http://H:80/, openai, h, 80, h, ''",
        "http://h:81/v1/, openai, h, 81, h:81, /v1",
        "https://api.z.ai/api/paas/v4, openai, api.z.ai, 443, api.z.ai, /api/paas/v4",
        "https://h:443/v1/chat/completions, openai, h, 443, h, /v1",
        "https://h:80/v1/chat/completions/, openai, h, 80, h:80, /v1",
        "HTTPS://h/api/anthropic/v1/messages, anthropic, h, 443, h, /api/anthropic",
        "http://h/v1/messages, openai, h, 80, h, /v1/messages",
        "'http://[::1]:9/x', openai, ::1, 9, '[::1]:9', /x",
        "'http://[::1]', openai, ::1, 80, '[::1]', ''",
        "http://127.0.0.1:9/a%20b, openai, 127.0.0.1, 9, 127.0.0.1:9, /a%20b",
    })
    void aBaseUrlIsTakenApart(String url, String dialect, String host, int port, String hostHeader, String path) {
        SlipstreamConfig config = Configs.configOfLater(
                "providers: { p: { base_url: \"" + url + "\", dialect: " + dialect + " } }", Map.of());
        ProviderConfig provider = Configs.provider(config, "p");
        assertEquals(new HostPort(host, port), provider.address());
        assertEquals(hostHeader, provider.hostHeader());
        assertEquals(path, provider.basePath());
        assertEquals(url.toLowerCase(Locale.ROOT).startsWith("https"), provider.tls() != null);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, 127.0.0.1, 8080",
        "'[::1]:8080', ::1, 8080",
        "localhost:0, localhost, 0",
        "LocalHost:1, localhost, 1"
    })
    void theListenersAddressHasItsForms(String text, String host, int port) {
        SlipstreamConfig config = Configs.config(Configs.MINIMAL + "listen: { address: \"" + text + "\" }\n");
        assertEquals(new HostPort(host, port), config.listen().address());
    }

    @ParameterizedTest
    @CsvSource({":8080, 0.0.0.0", "'[::]:8080', ::", "example.org:8080, example.org", "10.0.0.1:8080, 10.0.0.1"})
    void beyondLoopbackAKeyIsEnough(String address, String host) {
        SlipstreamConfig config = Configs.config(Configs.MINIMAL + "listen: { address: \"" + address
                + "\" }\nkeys: [ { name: n, key: long-enough } ]\n");
        assertEquals(host, config.listen().address().host());
    }

    @Test
    void aProviderTakesWhatItDoesNotSetFromTheWhole() {
        String yaml = """
                timeouts: { connect: 10ms, first_byte: 1.5s }
                pool: { warm: 0, idle: 0 }
                providers:
                  p:
                    base_url: http://h
                    dialect: anthropic
                    http: 1.1
                    auth: x-api-key
                    peek: on
                    headers: { X-Team: a b, anthropic-beta: "${BETA:-none}" }
                    api_key: "${KEY}"
                    pool: { max_connections: 3 }
                    timeouts: { connect: 2m, total: 1h, ping: 5s }
                    discover: true
                """;
        ProviderConfig provider =
                Configs.provider(Configs.loaded(yaml, Map.of("KEY", "k-1234\n")).config(), "p");
        assertEquals(new PoolConfig(3, 0, 0, 1024, 100), provider.pool());
        assertEquals(120 * SECOND, provider.timeouts().connectNanos());
        assertEquals(SECOND * 3 / 2, provider.timeouts().firstByteNanos());
        assertEquals(3600 * SECOND, provider.timeouts().totalNanos());
        assertEquals(5 * SECOND, provider.timeouts().pingNanos());
        assertTrue(provider.discover());
        assertEquals(Dialect.ANTHROPIC, provider.dialect());
        assertEquals(HttpVersionChoice.HTTP_1_1, provider.http());
        assertEquals(AuthStyle.X_API_KEY, provider.auth());
        assertTrue(provider.peek());
        assertEquals("k-1234", provider.apiKey());
        assertEquals("KEY", provider.apiKeyVariable());
        assertEquals(Map.of("x-team", "a b", "anthropic-beta", "none"), provider.headers());
    }

    @Test
    void whatAProviderUnderstandsIsKnownUnlessItIsSaid() {
        SlipstreamConfig config = Configs.config("""
                providers:
                  plain: { base_url: "http://h/v1", dialect: openai, translation: { max_stop: auto, top_k: auto } }
                  told:
                    base_url: http://h/v1
                    dialect: openai
                    translation:
                      max_tokens_field: max_completion_tokens
                      developer_role: true
                      reasoning: budget
                      reasoning_history: true
                      top_k: true
                      json_schema: false
                      named_tool_choice: false
                      stream_usage: false
                      files: true
                      max_stop: 0
                  other: { base_url: "http://h", dialect: anthropic, translation: { reasoning: none, max_stop: 7 } }
                """);
        ProviderTraits plain = ProviderTraits.OPENAI_COMPATIBLE;
        assertEquals(plain, Configs.provider(config, "plain").traits());
        assertEquals(
                plain.but()
                        .maxTokensField(MaxTokensField.MAX_COMPLETION_TOKENS)
                        .developerRole(true)
                        .reasoning(Reasoning.BUDGET)
                        .reasoningHistory(true)
                        .topK(true)
                        .maxStop(0)
                        .jsonSchema(false)
                        .namedToolChoice(false)
                        .streamUsage(false)
                        .files(true)
                        .build(),
                Configs.provider(config, "told").traits());
        ProviderTraits other = Configs.provider(config, "other").traits();
        assertEquals(Reasoning.NONE, other.reasoning());
        assertEquals(7, other.maxStop());
        assertEquals(ProviderTraits.ANTHROPIC_COMPATIBLE.topK(), other.topK());
    }

    @ParameterizedTest
    @CsvSource({"off, false", "auto, true", "on, true"})
    void usageThatIsNotToBeAskedForIsNotAskedForInTranslationEither(String inject, boolean asked) {
        SlipstreamConfig config = Configs.config("""
                providers:
                  one: { base_url: "http://h/v1", dialect: openai, inject_usage: %s, translation: { stream_usage: true } }
                """.formatted(inject));
        assertEquals(asked, Configs.provider(config, "one").traits().streamUsage());
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.z.ai/api/paas/v4, openai",
        "https://API.OpenAI.com/v1, openai",
        "https://api.anthropic.com, anthropic",
        "https://api.z.ai/api/anthropic, anthropic",
    })
    void whatIsKnownOfAHostIsTakenWhereTheFileSaysNothing(String url, String dialect) {
        SlipstreamConfig config = Configs.config("providers: { p: { base_url: \"" + url + "\", dialect: " + dialect
                + ", translation: { files: auto } } }");
        ProviderTraits known = switch (url) {
            case "https://api.z.ai/api/paas/v4" -> ProviderTraits.ZAI;
            case "https://API.OpenAI.com/v1" -> ProviderTraits.OPENAI;
            case "https://api.anthropic.com" -> ProviderTraits.ANTHROPIC;
            default -> ProviderTraits.ANTHROPIC_COMPATIBLE;
        };
        assertEquals(known, Configs.provider(config, "p").traits());
    }

    @Test
    void aModelSaysWhatItsProvidersCannotKnow() {
        SlipstreamConfig config = Configs.config("""
                providers: { p: { base_url: "http://h/v1", dialect: openai } }
                models:
                  - name: text
                    vision: eyes
                    assumed_context: 200000
                    context_window: 131072
                    max_output_tokens: 2000
                    sampling: false
                    targets: [ { provider: p } ]
                  - { name: eyes, default_max_tokens: 32000, targets: [ { provider: p } ] }
                  - { name: same, assumed_context: 1000, context_window: 1000, targets: [ { provider: p } ] }
                """);
        ProviderTraits provider = Configs.provider(config, "p").traits();
        ModelTraits text = config.models().get(0).traits();
        assertEquals(new ModelTraits("eyes", 200_000, 131_072, 2000, 4096, false), text);
        assertEquals(new TokenScale(200_000, 131_072), text.scale());
        assertEquals(2000, text.of(provider).maxOutputTokens());
        assertEquals(2000, text.of(provider).defaultMaxTokens(), "a default beyond the model's limit would be refused");
        assertFalse(text.of(provider).sampling());
        ModelTraits eyes = config.models().get(1).traits();
        assertEquals(new ModelTraits("", 0, 0, 0, 32_000, true), eyes);
        assertSame(TokenScale.NONE, eyes.scale());
        assertEquals(32_000, eyes.of(provider).defaultMaxTokens());
        assertTrue(eyes.of(provider).sampling());
        assertSame(TokenScale.NONE, config.models().get(2).traits().scale());
    }

    @Test
    void onlyOneOfTheTwoContextsIsAWarning() {
        String yaml = """
                providers: { p: { base_url: "http://h/v1", dialect: openai } }
                models:
                  - { name: a, assumed_context: 200000, targets: [ { provider: p } ] }
                  - { name: b, context_window: 131072, targets: [ { provider: p } ] }
                """;
        LoadResult.Loaded loaded = Configs.loaded(yaml, Map.of());
        assertEquals(
                List.of(
                        "models[0]: usage is scaled only where both assumed_context and context_window are given",
                        "models[1]: usage is scaled only where both assumed_context and context_window are given"),
                loaded.warnings());
        for (ModelConfig model : loaded.config().models()) {
            assertSame(TokenScale.NONE, model.traits().scale());
        }
    }

    @Test
    void keysAreKeptAsHashes() {
        String hash = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08";
        SlipstreamConfig config = Configs.config(Configs.MINIMAL
                + "keys: [ { name: a, key: sk-slip-abcdef }, { name: b, key_sha256: " + hash + " } ]\n");
        assertEquals(KeyReader.sha256Hex("sk-slip-abcdef"), config.keys().get(0).sha256Hex());
        assertEquals(hash.toLowerCase(Locale.ROOT), config.keys().get(1).sha256Hex());
    }

    @Test
    void aDollarSignCanStandForItself() {
        SlipstreamConfig config =
                Configs.config(Configs.MINIMAL + "log: { access: \"a$b-$${NAME}-${UNSET_NAME:-x:-y}-$\" }\n");
        assertEquals("a$b-${NAME}-x:-y-$", config.log().access());
    }

    @Test
    void whatAVariableHoldsIsTextAndNotExpandedAgain() {
        SlipstreamConfig config = Configs.loaded(
                        Configs.MINIMAL + "log: { access: \"${A}\" }\n", Map.of("A", "${B} # : {", "B", "no"))
                .config();
        assertEquals("${B} # : {", config.log().access());
    }

    @Test
    void nothingShowsASecret() {
        String secret = "sk-very-secret-value";
        String yaml = """
                admin: { token: "${S}-token" }
                keys: [ { name: n, key: "${S}-key" } ]
                providers:
                  p: { base_url: http://h, dialect: openai, api_key: "${S}", headers: { x-second: "${S}-2" } }
                """;
        LoadResult.Loaded loaded = Configs.loaded(yaml, Map.of("S", secret));
        String mask = ConfigMask.of(loaded.config()).toString();
        String hash = loaded.config().keys().get(0).sha256Hex();
        assertFalse(loaded.toString().contains(secret), loaded.toString());
        assertFalse(loaded.toString().contains(hash), loaded.toString());
        assertFalse(mask.contains(secret), mask);
        assertFalse(mask.contains(hash), mask);
        assertTrue(mask.contains("token=***") && mask.contains("api_key=***") && mask.contains("x-second=***"), mask);
    }

    @Test
    void theProvidersVariablesAloneAreAConfiguration() {
        Map<String, String> zai = Map.of("ZAI_API_KEY", "a-key");
        SlipstreamConfig config = Configs.configOfLater(ProviderKeys.yaml(zai), zai);
        assertEquals(
                List.of("zai", "zai-anthropic"), List.copyOf(config.providers().keySet()));
        assertEquals(1, config.models().size());
        assertEquals("*", config.models().get(0).name());
        assertEquals("ZAI_API_KEY", Configs.provider(config, "zai").apiKeyVariable());
        assertEquals("/api/paas/v4", Configs.provider(config, "zai").basePath());
        assertEquals("/api/anthropic", Configs.provider(config, "zai-anthropic").basePath());
    }

    @Test
    void ofSeveralVariablesEachDialectFindsItsOwnProviderFirst() {
        Map<String, String> all =
                Map.of("ZAI_API_KEY", "z-key", "OPENAI_API_KEY", "o-key", "ANTHROPIC_API_KEY", "a-key");
        SlipstreamConfig config = Configs.configOfLater(ProviderKeys.yaml(all), all);
        assertEquals(List.of("openai", "anthropic", "zai", "zai-anthropic"), targetsOf("*", config));
        assertEquals(List.of("zai", "zai-anthropic"), targetsOf("glm-*", config));
        assertEquals(List.of("anthropic"), targetsOf("claude-*", config));
        assertEquals(List.of("openai"), targetsOf("gpt-*", config));
        assertEquals("", Configs.provider(config, "anthropic").basePath());
        assertEquals("/v1", Configs.provider(config, "openai").basePath());
    }

    @Test
    void withoutAnythingTheErrorNamesTheVariablesAndTheDemo() {
        String errors = Configs.errors(ConfigLoader.fromEnvironment(Map.of("ZAI_API_KEY", " "), Overrides.none()))
                .toString();
        assertTrue(errors.contains("ZAI_API_KEY") && errors.contains("demo"), errors);
    }

    @Test
    void anAnthropicUrlThatEndsInV1AndAnEmptyKeyAreWarnings() {
        LoadResult.Loaded loaded = Configs.loaded(
                "providers: { p: { base_url: http://h/v1, dialect: anthropic, api_key: \"${K}\" } }", Map.of("K", ""));
        assertEquals(3, loaded.warnings().size(), loaded.warnings().toString());
    }

    @Test
    void filesThatCannotBeReadAreErrors(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("slipstream.yaml");
        assertEquals(List.of(file + ": there is no such file"), errorsOf(file));
        assertEquals(List.of(directory + ": this is a directory; name the file in it"), errorsOf(directory));
        Files.write(file, new byte[] {'a', ':', '\n', (byte) 0xff});
        assertEquals(List.of(file + ":2: the file is not UTF-8"), errorsOf(file));
        Files.writeString(file, "#".repeat(YamlReader.MAX_CHARS + 1));
        assertEquals(List.of(file + ": the file is longer than 1 MiB"), errorsOf(file));
        Files.write(file, Configs.MINIMAL.getBytes(StandardCharsets.UTF_8));
        Configs.expectLoaded(ConfigLoader.fromFile(file, Map.of(), Overrides.none()));
    }

    private static List<String> errorsOf(Path file) {
        return Configs.errors(ConfigLoader.fromFile(file, Map.of(), Overrides.none()));
    }

    private static List<String> targetsOf(String model, SlipstreamConfig config) {
        return config.models().stream()
                .filter(candidate -> candidate.name().equals(model))
                .flatMap(candidate -> candidate.targets().stream())
                .map(TargetConfig::provider)
                .toList();
    }
}
