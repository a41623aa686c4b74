package dev.slipstream.bench.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.models.ModelInfo;
import com.anthropic.models.models.ModelListPage;
import com.anthropic.models.models.ModelListParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.models.Model;
import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.ReceivedRequest;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The official clients list the proxy's models")
class ModelListThroughProxyTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private static OpenAIClient openAi(Slipstream proxy) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(RunningProxy.url(proxy) + "/v1")
                .apiKey("any")
                .maxRetries(0)
                .responseValidation(true)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    private static AnthropicClient anthropic(Slipstream proxy) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(RunningProxy.url(proxy))
                .apiKey("any")
                .maxRetries(0)
                .responseValidation(true)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    private static String numbered(int count) {
        StringBuilder yaml = new StringBuilder("""
                providers: { p: { base_url: "http://127.0.0.1:9/v1", dialect: openai } }
                pool: { warm: 0 }
                models:
                """);
        for (int i = 0; i < count; i++) {
            yaml.append("  - { name: \"org/m")
                    .append(i)
                    .append("\", assumed_context: 200000, context_window: 100000,")
                    .append(" max_output_tokens: 4096, targets: [ { provider: p } ] }\n");
        }
        return yaml.toString();
    }

    private static List<String> names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("org/m" + i);
        }
        return names;
    }

    @Test
    @DisplayName("page by page, each once, forwards and backwards, and the last page is the last")
    void pages() {
        Slipstream proxy = PROXIES.start(numbered(45));
        AnthropicClient client = anthropic(proxy);
        try {
            List<String> forwards = new ArrayList<>();
            for (ModelInfo model : client.models().list().autoPager()) {
                forwards.add(model.validate().id());
                assertEquals(200_000L, model.maxInputTokens().orElseThrow());
                assertEquals(4096L, model.maxTokens().orElseThrow());
            }
            assertEquals(names(45), forwards);
            List<String> backwards = new ArrayList<>();
            ModelListPage page = client.models()
                    .list(ModelListParams.builder().beforeId("org/m44").limit(7).build());
            int pages = 0;
            for (; ; pages++) {
                backwards.addAll(0, page.data().stream().map(ModelInfo::id).toList());
                if (!page.hasMore().orElseThrow()) {
                    break;
                }
                page = client.models()
                        .list(ModelListParams.builder()
                                .beforeId(page.firstId().orElseThrow())
                                .limit(7)
                                .build());
            }
            assertEquals(names(44), backwards);
            assertEquals(6, pages);
            assertEquals("org/m3", client.models().retrieve("org/m3").validate().id());
            assertThrows(
                    com.anthropic.errors.BadRequestException.class,
                    () -> client.models()
                            .list(ModelListParams.builder().limit(1001).build()));
            assertThrows(
                    com.anthropic.errors.NotFoundException.class,
                    () -> client.models().retrieve("org/m99"));
        } finally {
            client.close();
        }
    }

    @Test
    @DisplayName("all at once, and each by its name, slashes and all")
    void whole() {
        Slipstream proxy = PROXIES.start(numbered(45));
        OpenAIClient client = openAi(proxy);
        try {
            List<String> ids = new ArrayList<>();
            for (Model model : client.models().list().autoPager()) {
                ids.add(model.validate().id());
            }
            assertEquals(names(45), ids);
            assertEquals("org/m3", client.models().retrieve("org/m3").validate().id());
            assertEquals(
                    "model_not_found",
                    assertThrows(
                                    com.openai.errors.NotFoundException.class,
                                    () -> client.models().retrieve("nobody"))
                            .code()
                            .orElse(""));
        } finally {
            client.close();
        }
    }

    @ParameterizedTest(name = "http: {0}")
    @ValueSource(strings = {"1.1", "h2c"})
    @DisplayName("with what providers of both dialects tell, over either protocol")
    void discovered(String http) throws IOException {
        SimulatedProviderOptions options = SimulatedProviderOptions.defaults()
                .withRequiredKey("provider-key")
                .withModels(List.of("sim-a", "vendor/sim-b", "other"))
                .withKeepRequests(10)
                .withWire(http.equals("h2c") ? ProviderWire.h2c() : ProviderWire.h1());
        try (SimulatedProvider provider = SimulatedProvider.start(options)) {
            Slipstream proxy =
                    PROXIES.start("""
                    providers:
                      open:
                        base_url: "%s"
                        dialect: openai
                        api_key: provider-key
                        http: %s
                        discover: true
                      claude:
                        base_url: "%s"
                        dialect: anthropic
                        api_key: provider-key
                        http: %s
                        discover: true
                    models:
                      - { name: mine, targets: [ { provider: open, model: sim-a } ] }
                      - { name: "sim-*", targets: [ { provider: claude } ] }
                      - { name: "vendor/*", targets: [ { provider: open } ] }
                    """.formatted(provider.openAiBaseUrl(), http, provider.anthropicBaseUrl(), http));
            List<String> expected = List.of("mine", "vendor/sim-b", "sim-a");
            OpenAIClient openAi = openAi(proxy);
            AnthropicClient anthropic = anthropic(proxy);
            try {
                long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                List<String> ids;
                do {
                    ids = openAi.models().list().data().stream().map(Model::id).toList();
                    LockSupport.parkNanos(1_000_000);
                } while (ids.size() < expected.size() && System.nanoTime() - giveUp < 0);
                assertEquals(expected, ids);
                assertEquals(
                        expected,
                        anthropic.models().list().data().stream()
                                .map(ModelInfo::id)
                                .toList());
                List<String> asked = provider.received().stream()
                        .map(request -> request.method() + " " + request.uri())
                        .sorted()
                        .toList();
                assertEquals(2, asked.size(), asked.toString());
                assertTrue(asked.get(0).endsWith("/v1/models"), asked.toString());
                assertTrue(asked.get(1).endsWith("/v1/models?limit=1000"), asked.toString());
                for (ReceivedRequest request : provider.received()) {
                    assertEquals("", request.bodyText());
                }
            } finally {
                openAi.close();
                anthropic.close();
            }
        }
    }
}
