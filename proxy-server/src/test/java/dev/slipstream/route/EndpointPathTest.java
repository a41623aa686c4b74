package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointPathTest {
    private final EndpointPath path = new EndpointPath();

    private void read(String target) {
        byte[] bytes = ("GET " + target + " HTTP/1.1").getBytes(US_ASCII);
        path.read(bytes, 4, 4 + target.length());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, CHAT_COMPLETIONS",
        "/chat/completions, CHAT_COMPLETIONS",
        "/v1/v1/chat/completions, CHAT_COMPLETIONS",
        "/v1/v1/v1/chat/completions, UNKNOWN",
        "/v1/chat/completions?a=b, CHAT_COMPLETIONS",
        "http://host/v1/messages, MESSAGES",
        "http://host:1/v1/v1/messages?x, MESSAGES",
        "http://host, ROOT",
        "http://host?x=/v1/messages, ROOT",
        "/v1/messages/count_tokens, COUNT_TOKENS",
        "/v1/embeddings, EMBEDDINGS",
        "/v1/completions, COMPLETIONS",
        "/v1/responses, RESPONSES",
        "/v1/models, MODELS",
        "/v1/models/, UNKNOWN",
        "/v1/models/a, MODEL",
        "/v1/models/a%2Fb/c, MODEL",
        "/health, HEALTH",
        "/health/live, HEALTH",
        "/health/ready, READY",
        "/, ROOT",
        "/v1, ROOT",
        "/v1/, ROOT",
        "/v1x/messages, UNKNOWN",
        "/v1/messages/, UNKNOWN",
        "/v1//messages, UNKNOWN",
        "/v1/./messages, UNKNOWN",
        "/v1/../v1/messages, UNKNOWN",
        "/v1/mess%61ges, UNKNOWN",
        "/V1/messages, UNKNOWN",
        "/v1/messages#x, UNKNOWN",
        "/v2/messages, UNKNOWN",
    })
    void everyTargetHasItsEndpoint(String target, Endpoint endpoint) {
        read(target);
        assertEquals(endpoint, path.endpoint(), target);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages, true",
        "/v1/messages/nothing, true",
        "/messages?x, true",
        "/v1/messagesx, false",
        "/v1/chat/completions, false",
    })
    void errorsUnderMessagesSpeakItsDialect(String target, boolean under) {
        read(target);
        assertEquals(under, path.isUnderMessages());
    }

    @ParameterizedTest
    @CsvSource({"/v1/models/a?q=1, a, q=1", "/models/b%20c, b%20c, ''", "/v1/models/d?, d, ''"})
    void theModelAndTheQueryAreFoundInPlace(String target, String model, String query) {
        read(target);
        assertEquals(model, target.substring(path.modelStart() - 4, path.modelEnd() - 4));
        assertEquals(query, target.substring(path.queryStart() - 4, path.queryEnd() - 4));
        path.reset();
        assertEquals(Endpoint.UNKNOWN, path.endpoint());
    }
}
