package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.ANTHROPIC;
import static dev.slipstream.codec.Dialect.OPENAI;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/**
 * Any bytes as a request: no exception; what is translated is JSON; and where the request is one that its own dialect
 * accepts, the other dialect accepts what became of it. Runs over its seeds as an ordinary test; {@code scripts/fuzz}
 * fuzzes.
 */
class RequestFuzzTest {
    private static final List<ProviderTraits> CHAT_SERVERS = List.of(
            ProviderTraits.OPENAI, ProviderTraits.OPENAI_COMPATIBLE, ProviderTraits.ZAI, ProviderTraits.MISTRAL);
    private static final List<ProviderTraits> MESSAGES_SERVERS =
            List.of(ProviderTraits.ANTHROPIC, ProviderTraits.ANTHROPIC_COMPATIBLE);

    @FuzzTest(maxDuration = "5m")
    void anyBytesAsMessages(byte[] request) {
        for (ProviderTraits to : CHAT_SERVERS) {
            RequestFuzz.translate(request, ANTHROPIC, to);
        }
    }

    @FuzzTest(maxDuration = "5m")
    void anyBytesAsAChat(byte[] request) {
        for (ProviderTraits to : MESSAGES_SERVERS) {
            RequestFuzz.translate(request, OPENAI, to);
        }
    }
}
