package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.ParsedJson.at;
import static dev.slipstream.codec.translate.ParsedJson.textAt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("trap 47: an error speaks the client's dialect")
class ProviderErrorTest {
    private static ProviderError read(int status, String body) {
        byte[] bytes = ("[" + body + "]").getBytes(UTF_8);
        return new ProviderError().read(status, bytes, 1, bytes.length - 1);
    }

    private static Map<?, ?> anthropic(ProviderError error) {
        JsonOutput out = new JsonOutput();
        error.writeAnthropic(out, "req_1");
        Map<?, ?> envelope = ParsedJson.object(out.bytes(), out.length());
        AnthropicShape.error(envelope);
        assertEquals("req_1", envelope.get("request_id"));
        return ParsedJson.objectAt(envelope, "error");
    }

    private static Map<?, ?> openAi(ProviderError error) {
        JsonOutput out = new JsonOutput();
        error.writeOpenAi(out);
        Map<?, ?> envelope = ParsedJson.object(out.bytes(), out.length());
        assertEquals(Set.of("error"), envelope.keySet());
        Map<?, ?> inner = ParsedJson.objectAt(envelope, "error");
        assertEquals(Set.of("message", "type", "param", "code"), inner.keySet());
        assertTrue(inner.get("code") == null || inner.get("code") instanceof String);
        return inner;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":\"p\",\"code\":\"c\"}} | m | c | p",
                "{\"error\":{\"message\":\"m\",\"code\":400}} | m | 400 |",
                "{\"error\":{\"code\":\"1302\",\"message\":\"m\"}} | m | 1302 |",
                "{\"error\":\"m\"} | m | |",
                "{\"error\":\"m\",\"code\":\"c\"} | m | c |",
                "{\"error\":{\"message\":\"m\"},\"code\":7} | m | 7 |",
                "{\"detail\":\"m\"} | m | |",
                "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"a\"},{\"msg\":\"b\"}]} | a; b | |",
                "{\"detail\":{\"error\":{\"message\":\"m\"},\"message\":\"n\"}} | n | |",
                "{\"object\":\"error\",\"message\":\"m\",\"type\":\"invalid_request_error\",\"code\":null} | m | |",
                "{\"object\":\"error\",\"message\":{\"detail\":[{\"msg\":\"a\"}]}} | a | |",
                "{\"code\":500,\"msg\":\"m\",\"success\":false} | m | 500 |",
                "[{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"INVALID_ARGUMENT\"}}] | m | 400 |",
                "{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"m\"}]} | m | |",
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"m\"},\"request_id\":\"r\"} | m | |",
                "{\"error\":{\"message\":\"Provider returned error\",\"code\":400,\"metadata\":{\"raw\":\"m\"}}}"
                        + " | Provider returned error: m | 400 |",
                "{\"errorMessage\":\"m\"} | {\"errorMessage\":\"m\"} | |",
                "{\"error\":{\"a\":1}} | {\"a\":1} | |",
                "\"m\" | m | |",
                "17 | 17 | |",
                "upstream connect error | upstream connect error | |"
            })
    void everyShapeIsRead(String body, String message, String code, String param) {
        ProviderError error = read(400, body);
        assertEquals(message, error.message());
        assertEquals(code, error.code());
        assertEquals(param, error.param());
        assertEquals(400, error.status());
        assertEquals("invalid_request_error", anthropic(error).get("type"));
        assertEquals(message, openAi(error).get("message"));
        assertEquals(code, openAi(error).get("code"));
        assertEquals(param, openAi(error).get("param"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \r\n",
                "<html><body>502 Bad Gateway</body></html>",
                " <!DOCTYPE html>x",
                "{}",
                "[]",
                "null",
                "{\"error\":null}"
            })
    void whatSaysNothingIsSaidByTheStatus(String body) {
        ProviderError error = read(502, body);
        assertFalse(error.message().contains("<"));
        assertTrue(error.message().contains("502") || error.message().equals(body), error.message());
        assertEquals("api_error", anthropic(error).get("type"));
        assertEquals("server_error", openAi(error).get("type"));
    }

    @Test
    void aHugeBodyIsCut() {
        String text = "é".repeat(1 << 19);
        ProviderError plain = read(500, "x" + text);
        assertTrue(plain.message().getBytes(UTF_8).length <= ProviderError.MAX_BODY_BYTES + 3);
        assertTrue(plain.message().endsWith("é…"), "cut between characters");
        ProviderError json = read(500, "{\"error\":{\"message\":\"" + "🚀".repeat(20_000) + "\"}}");
        assertTrue(json.message().length() <= ProviderError.MAX_MESSAGE_CHARS + 1);
        assertTrue(json.message().endsWith("🚀…"), "cut between characters");
        ProviderError many =
                read(500, "{\"detail\":[" + "{\"msg\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"},".repeat(5000) + "1]}");
        assertTrue(many.message().length() <= ProviderError.MAX_MESSAGE_CHARS + 1);
        anthropic(plain);
        anthropic(json);
        anthropic(many);
    }

    @ParameterizedTest
    @CsvSource({
        "400, 400, invalid_request_error, 400, invalid_request_error",
        "401, 401, authentication_error, 401, authentication_error",
        "402, 402, billing_error, 402, insufficient_quota",
        "403, 403, permission_error, 403, permission_error",
        "404, 404, not_found_error, 404, invalid_request_error",
        "413, 413, request_too_large, 413, invalid_request_error",
        "422, 422, invalid_request_error, 422, invalid_request_error",
        "429, 429, rate_limit_error, 429, rate_limit_error",
        "434, 434, invalid_request_error, 434, invalid_request_error",
        "500, 500, api_error, 500, server_error",
        "503, 503, api_error, 503, server_error",
        "504, 504, timeout_error, 504, timeout",
        "529, 529, overloaded_error, 503, server_error"
    })
    void theTypeFollowsFromTheStatus(
            int status, int toAnthropic, String anthropicType, int toOpenAi, String openAiType) {
        // The provider's own type contradicts it, as OpenAI's does for 401 and 404.
        ProviderError error = read(status, "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\"}}");
        assertEquals(toAnthropic, error.statusFor(Dialect.ANTHROPIC));
        assertEquals(anthropicType, anthropic(error).get("type"));
        assertEquals(toOpenAi, error.statusFor(Dialect.OPENAI));
        assertEquals(openAiType, openAi(error).get("type"));
    }

    @ParameterizedTest
    @CsvSource({
        "401, invalid_api_key",
        "404, model_not_found",
        "413, request_too_large",
        "429, rate_limit_exceeded",
        "529, overloaded",
        "400,",
        "500,"
    })
    void aClientOfOpenAiGetsACodeThatAnthropicHasNot(int status, String code) {
        assertEquals(
                code,
                openAi(read(status, "{\"type\":\"error\",\"error\":{\"type\":\"x\",\"message\":\"m\"}}"))
                        .get("code"));
    }

    @ParameterizedTest
    @CsvSource({
        // Z.AI's numbers inside a success.
        "1000, 401",
        "1113, 429",
        "1210, 400",
        "1261, 400",
        "1301, 400",
        "1302, 429",
        "1305, 529",
        "1312, 529",
        "500, 500",
        "401, 401",
        "502, 502",
        "invalid_api_key, 401",
        "model_not_found, 404",
        "rate_limit_exceeded, 429",
        "RateLimitReached, 429",
        "context_length_exceeded, 400",
        "something_new, 502",
        "99, 502",
        "4000, 502",
        "200, 502"
    })
    @DisplayName("trap 28: the status of an error inside a success follows from its code")
    void theStatusFollowsFromTheCode(String code, int status) {
        for (String shown : new String[] {"\"" + code + "\"", code}) {
            if (shown.startsWith("\"") || shown.matches("[0-9]+")) {
                ProviderError error = read(200, "{\"error\":{\"code\":" + shown + ",\"message\":\"m\"}}");
                assertEquals(status, error.statusFor(Dialect.ANTHROPIC));
                assertEquals(code, error.code());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "authentication_error, 401",
        "overloaded_error, 529",
        "rate_limit_error, 429",
        "api_error, 500",
        "requests, 429",
        "x, 502"
    })
    void theStatusFollowsFromTheTypeWhereThereIsNoCode(String type, int status) {
        ProviderError error = read(0, "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"m\"}}");
        assertEquals(status, error.statusFor(Dialect.ANTHROPIC));
    }

    @Test
    void aVendorsCodeIsKeptInBothDialects() {
        ProviderError error = read(429, "{\"error\":{\"code\":\"1113\",\"message\":\"Insufficient balance\"}}");
        assertEquals("Insufficient balance (code 1113)", anthropic(error).get("message"));
        assertEquals("rate_limit_error", anthropic(error).get("type"));
        assertEquals("1113", openAi(error).get("code"));
        assertEquals("Insufficient balance", openAi(error).get("message"));
        // No news: the status, or a word that the message has.
        assertEquals(
                "m",
                anthropic(read(401, "{\"error\":{\"code\":401,\"message\":\"m\"}}"))
                        .get("message"));
        assertEquals(
                "bad x_y",
                anthropic(read(401, "{\"error\":{\"code\":\"x_y\",\"message\":\"bad x_y\"}}"))
                        .get("message"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | {\"error\":{\"code\":\"1305\",\"message\":\"busy\"}}",
                "429 | {\"error\":{\"code\":\"1312\",\"message\":\"busy\"}}",
                "503 | {\"error\":{\"message\":\"The engine is currently overloaded, please try again later\"}}",
                "529 | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
            })
    void anOverloadIs529ToOneAndTriedAgainByBoth(int status, String body) {
        ProviderError error = read(status, body);
        assertEquals(529, error.statusFor(Dialect.ANTHROPIC));
        assertEquals("overloaded_error", anthropic(error).get("type"));
        assertEquals(status == 529 ? 503 : status, error.statusFor(Dialect.OPENAI));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}",
                "400 | {\"error\":{\"message\":\"x\",\"code\":\"1261\"}}",
                "400 | {\"error\":{\"message\":\"This model's maximum context length is 131072 tokens. However\"}}",
                "400 | {\"error\":{\"message\":\"x\",\"type\":\"too_many_prompt_tokens\",\"code\":400}}",
                "500 | {\"error\":{\"message\":\"prompt too long; exceeded max context length by 4 tokens\"}}",
                "413 | {\"error\":{\"message\":\"the request exceeds the available context size\"}}",
                "400 | {\"error\":{\"message\":\"Your input exceeds the context window of this model\"}}",
                "400 | {\"error\":{\"message\":\"This model's maximum prompt length is 131072 but the request contains 200000\"}}",
                "400 | {\"error\":{\"message\":\"The input token count (1048577) exceeds the maximum\"}}",
                "400 | {\"error\":{\"message\":\"Provider returned error\",\"code\":400,\"metadata\":{\"raw\":\"Input is too long for requested model.\"}}}",
                "200 | {\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}"
            })
    @DisplayName("a prompt that is too long is said so that a client compacts")
    void aPromptThatIsTooLongIsSaidSo(int status, String body) {
        ProviderError error = read(status, body);
        assertEquals(400, error.statusFor(Dialect.ANTHROPIC));
        assertEquals(400, error.statusFor(Dialect.OPENAI));
        Map<?, ?> shown = anthropic(error);
        assertEquals("invalid_request_error", shown.get("type"));
        assertTrue(textAt(shown, "message").startsWith("prompt is too long: " + error.message()));
        assertEquals("context_length_exceeded", openAi(error).get("code"));
        assertEquals(error.message(), openAi(error).get("message"));
    }

    @Test
    void anthropicsOwnWordsAreNotRepeated() {
        ProviderError error = read(
                400,
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
                        + "\"Prompt is too long: 210000 tokens > 200000 maximum\"}}");
        assertEquals(
                "Prompt is too long: 210000 tokens > 200000 maximum",
                anthropic(error).get("message"));
        assertEquals("context_length_exceeded", openAi(error).get("code"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"error\":{\"message\":\"invalid key: prompt is too long\"}}",
                "429 | {\"error\":{\"message\":\"Request too large for model on tokens per minute (TPM): Limit 6000\"}}",
                "400 | {\"error\":{\"message\":\"max_tokens is too large\"}}"
            })
    void otherLimitsAreNotAPromptThatIsTooLong(int status, String body) {
        assertEquals(status, read(status, body).statusFor(Dialect.ANTHROPIC));
        assertFalse("context_length_exceeded".equals(openAi(read(status, body)).get("code")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"m\"}} | true",
                "{\"error\":\"m\"} | true",
                "{\"error\":{\"message\":\"m\"},\"choices\":[]} | true",
                "{\"type\":\"error\",\"error\":{}} | true",
                "{\"object\":\"error\",\"message\":\"m\"} | true",
                "{\"code\":500,\"msg\":\"404 NOT_FOUND\",\"success\":false} | true",
                "{\"code\":1302,\"msg\":\"m\"} | true",
                "{\"detail\":\"Not Found\"} | true",
                "[{\"error\":{\"code\":400,\"message\":\"m\"}}] | true",
                "{\"error\":null,\"choices\":[{}]} | false",
                "{\"error\":{},\"choices\":[{}]} | false",
                "{\"error\":\"\",\"choices\":[{}]} | false",
                "{\"code\":200,\"msg\":\"ok\",\"choices\":[{}]} | false",
                "{\"code\":200,\"msg\":\"ok\",\"success\":true,\"data\":{}} | false",
                "{\"type\":\"message\",\"content\":[]} | false",
                "{\"input_tokens\":7} | false",
                "{} | false",
                "[] | false",
                "null | false",
                "7 | false"
            })
    @DisplayName("trap 28: an error inside a success is seen")
    void anErrorInsideASuccessIsSeen(String document, boolean isError) {
        JsonTree tree = new JsonTree();
        byte[] bytes = document.getBytes(UTF_8);
        tree.append(bytes, 0, bytes.length);
        tree.parse();
        assertEquals(isError, ProviderError.isError(tree));
    }

    @Test
    void readingAgainForgetsWhatWasBefore() {
        ProviderError error =
                read(400, "{\"error\":{\"message\":\"maximum context length\",\"code\":\"1305\",\"param\":\"p\"}}");
        error.set(504, "too slow", null);
        assertEquals(504, error.statusFor(Dialect.ANTHROPIC));
        assertEquals(504, error.statusFor(Dialect.OPENAI));
        assertNull(error.code());
        assertNull(error.param());
        assertEquals("{type=timeout_error, message=too slow}", anthropic(error).toString());
        assertNull(at(openAi(error), "code"));
    }
}
