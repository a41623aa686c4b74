package dev.slipstream.bench.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Of the proxy's own failures the official clients make")
class ProxyErrorsForClientsTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private SimulatedProvider provider;

    @BeforeEach
    void start() throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults().withRequiredKey("provider-key"));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    @DisplayName("their exception for a wrong key, and no provider is asked")
    void wrongKey() {
        Slipstream proxy = PROXIES.start(ProxyConfigs.both(provider));
        OpenAIServiceException openAi = openAi(proxy, "sk-slip-stranger", "demo", "hi");
        assertInstanceOf(com.openai.errors.UnauthorizedException.class, openAi);
        assertEquals("invalid_api_key", openAi.code().orElse(""));
        AnthropicServiceException anthropic = anthropic(proxy, "sk-slip-stranger", "demo", "hi");
        assertInstanceOf(com.anthropic.errors.UnauthorizedException.class, anthropic);
        assertTrue(anthropic.body().toString().contains("authentication_error"), anthropic.toString());
        assertEquals(List.of("invalid_api_key"), openAi.headers().values("x-slipstream-error"));
        assertEquals(List.of("invalid_api_key"), anthropic.headers().values("x-slipstream-error"));
        assertEquals(0, provider.counters().requests());
    }

    @Test
    @DisplayName("their exception for an unknown model, which names a known one")
    void unknownModel() {
        Slipstream proxy = PROXIES.start(ProxyConfigs.both(provider));
        OpenAIServiceException openAi = openAi(proxy, ProxyConfigs.KEY, "no-such-model", "hi");
        assertInstanceOf(com.openai.errors.NotFoundException.class, openAi);
        assertEquals("model_not_found", openAi.code().orElse(""));
        assertTrue(openAi.body().toString().contains("demo"), openAi.toString());
        AnthropicServiceException anthropic = anthropic(proxy, ProxyConfigs.KEY, "no-such-model", "hi");
        assertInstanceOf(com.anthropic.errors.NotFoundException.class, anthropic);
        assertTrue(anthropic.body().toString().contains("not_found_error"), anthropic.toString());
        assertTrue(anthropic.body().toString().contains("demo"), anthropic.toString());
        assertEquals(0, provider.counters().requests());
    }

    @Test
    @DisplayName("their exception for a body that is too large")
    void tooLarge() {
        Slipstream proxy = PROXIES.start("limits: { body: 4KiB }\n" + ProxyConfigs.both(provider));
        String large = "x".repeat(5000);
        OpenAIServiceException openAi = openAi(proxy, ProxyConfigs.KEY, "demo", large);
        assertEquals(413, openAi.statusCode());
        assertEquals("request_too_large", openAi.code().orElse(""));
        AnthropicServiceException anthropic = anthropic(proxy, ProxyConfigs.KEY, "demo", large);
        assertInstanceOf(com.anthropic.errors.ContentTooLargeException.class, anthropic);
        assertTrue(anthropic.body().toString().contains("request_too_large"), anthropic.toString());
        assertEquals(0, provider.counters().requests());
    }

    @Test
    @DisplayName("their exception for an overload, while the request that fills it goes on")
    void overload() throws Exception {
        Slipstream proxy = PROXIES.start("limits: { in_flight: 1 }\n" + ProxyConfigs.both(provider));
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> {
            int[] choices = new int[1];
            withOpenAi(
                    proxy,
                    ProxyConfigs.KEY,
                    client -> choices[0] = client.chat()
                            .completions()
                            .create(chat("demo", "[[delay=1500ms]]"))
                            .choices()
                            .size());
            return choices[0];
        });
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (proxy.inFlight() == 0 && System.nanoTime() - giveUp < 0) {
            LockSupport.parkNanos(100_000);
        }
        OpenAIServiceException openAi = openAi(proxy, ProxyConfigs.KEY, "demo", "hi");
        assertInstanceOf(com.openai.errors.InternalServerException.class, openAi);
        assertEquals(503, openAi.statusCode());
        assertEquals("overloaded", openAi.code().orElse(""));
        AnthropicServiceException anthropic = anthropic(proxy, ProxyConfigs.KEY, "demo", "hi");
        assertInstanceOf(com.anthropic.errors.OverloadedException.class, anthropic);
        assertEquals(529, anthropic.statusCode());
        assertTrue(anthropic.body().toString().contains("overloaded_error"), anthropic.toString());
        assertEquals(1, first.get(20, TimeUnit.SECONDS));
    }

    @Test
    @DisplayName("their exception for a provider that is not there")
    void unreachable() {
        String config = ProxyConfigs.both(provider);
        provider.close();
        Slipstream proxy = PROXIES.start(config);
        OpenAIServiceException openAi = openAi(proxy, ProxyConfigs.KEY, "demo", "hi");
        assertEquals(502, openAi.statusCode());
        assertEquals("upstream_unreachable", openAi.code().orElse(""));
        assertEquals(502, anthropic(proxy, ProxyConfigs.KEY, "demo", "hi").statusCode());
    }

    @Test
    @DisplayName("an error of the provider, which is marked as such")
    void providersError() {
        Slipstream proxy = PROXIES.start(ProxyConfigs.both(provider));
        OpenAIServiceException openAi = openAi(proxy, ProxyConfigs.KEY, "demo", "[[status=429 retry-after=7]]");
        assertInstanceOf(com.openai.errors.RateLimitException.class, openAi);
        assertEquals(List.of("provider"), openAi.headers().values("x-slipstream-error-source"));
        assertEquals(List.of(), openAi.headers().values("x-slipstream-error"));
        assertEquals(List.of("7"), openAi.headers().values("retry-after"));
    }

    private static ChatCompletionCreateParams chat(String model, String text) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage(text)
                .build();
    }

    private static void withOpenAi(Slipstream proxy, String key, Consumer<OpenAIClient> use) {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(RunningProxy.url(proxy) + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            use.accept(client);
        } finally {
            client.close();
        }
    }

    private static OpenAIServiceException openAi(Slipstream proxy, String key, String model, String text) {
        return assertThrows(
                OpenAIServiceException.class,
                () -> withOpenAi(
                        proxy, key, client -> client.chat().completions().create(chat(model, text))));
    }

    private static AnthropicServiceException anthropic(Slipstream proxy, String key, String model, String text) {
        AnthropicClient client = AnthropicOkHttpClient.builder()
                .baseUrl(RunningProxy.url(proxy))
                .apiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(20))
                .build();
        MessageCreateParams request = MessageCreateParams.builder()
                .model(model)
                .maxTokens(100)
                .addUserMessage(text)
                .build();
        try {
            return assertThrows(
                    AnthropicServiceException.class, () -> client.messages().create(request));
        } finally {
            client.close();
        }
    }
}
