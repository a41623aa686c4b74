package dev.slipstream.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonWriter;
import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.http1.HttpMethod;
import dev.slipstream.exchange.AnswerFigures;
import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.failure.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessLineTest {
    private final AccessLine line = new AccessLine();
    private final JsonWriter json = new DslJson<>().newWriter();

    private String text(AccessRecord record) {
        json.reset();
        line.write(record, json);
        return new String(json.toByteArray(), US_ASCII);
    }

    private static AccessRecord record() {
        AccessRecord record = new AccessRecord();
        record.epochMillis = Instant.parse("2026-11-20T09:08:07.006Z").toEpochMilli();
        byte[] id = "req_1.a-B".getBytes(US_ASCII);
        System.arraycopy(id, 0, record.id, 0, id.length);
        record.idLength = id.length;
        record.key = "laptop";
        record.method = HttpMethod.POST;
        record.route = "messages";
        record.dialect = Dialect.ANTHROPIC;
        record.status = 200;
        record.model = "claude-*";
        record.provider = "zai-anthropic";
        record.attempts = 2;
        record.stream = true;
        record.requestBytes = 123;
        record.responseBytes = 45_678;
        record.durationNanos = 1_234_567_890L;
        record.upstreamNanos = 1_000_999L;
        record.firstTokenNanos = 60_001_000L;
        record.inputTokens = 10;
        record.outputTokens = 0;
        record.cachedTokens = AnswerFigures.UNKNOWN;
        record.reasoningTokens = 7;
        return record;
    }

    @Test
    void aLineHasItsFieldsInTheirOrder() throws UnknownHostException {
        AccessRecord record = record();
        record.client = InetAddress.getByName("192.0.2.7");
        assertEquals(
                "{\"time\":\"2026-11-20T09:08:07.006Z\",\"request_id\":\"req_1.a-B\",\"key\":\"laptop\","
                        + "\"client\":\"192.0.2.7\",\"method\":\"POST\",\"route\":\"messages\",\"dialect\":\"anthropic\","
                        + "\"status\":200,\"reason\":\"answered\",\"gen_ai.request.model\":\"claude-*\","
                        + "\"provider\":\"zai-anthropic\",\"attempts\":2,\"stream\":true,\"request_bytes\":123,"
                        + "\"response_bytes\":45678,\"duration_ms\":1234.567,\"upstream_ms\":1.000,"
                        + "\"first_token_ms\":60.001,\"gen_ai.usage.input_tokens\":10,"
                        + "\"gen_ai.usage.output_tokens\":0,\"reasoning_tokens\":7}\n",
                text(record));
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        AccessRecord record = record();
        record.key = null;
        record.model = "";
        record.provider = Exchange.NO_PROVIDER;
        record.attempts = 0;
        record.stream = false;
        record.status = 401;
        record.reason = CloseReason.CLIENT_LEFT;
        record.error = FailureKind.INVALID_API_KEY;
        record.firstTokenNanos = AnswerFigures.UNKNOWN;
        record.inputTokens = AnswerFigures.UNKNOWN;
        record.outputTokens = AnswerFigures.UNKNOWN;
        record.reasoningTokens = AnswerFigures.UNKNOWN;
        assertEquals(
                "{\"time\":\"2026-11-20T09:08:07.006Z\",\"request_id\":\"req_1.a-B\",\"method\":\"POST\","
                        + "\"route\":\"messages\",\"dialect\":\"anthropic\",\"status\":401,\"reason\":\"client_left\","
                        + "\"error\":\"invalid_api_key\",\"attempts\":0,\"stream\":false,\"request_bytes\":123,"
                        + "\"response_bytes\":45678,\"duration_ms\":1234.567}\n",
                text(record));
    }

    @Test
    void nothingBreaksOutOfALine() throws IOException {
        AccessRecord record = record();
        String nasty = "a\"b\\c\r\nd\u001b[2Je\u0000f\u007fg\u009bh\u2028i\u00e9j\ud83d\ude00k";
        record.key = nasty;
        record.model = nasty;
        record.provider = nasty;
        String text = text(record);
        assertEquals(text.length() - 1, text.indexOf('\n'));
        assertTrue(text.chars().limit(text.length() - 1L).allMatch(c -> c >= ' ' && c <= '~'), text);
        byte[] bytes = text.getBytes(US_ASCII);
        Map<?, ?> read = new DslJson<>().deserialize(Map.class, bytes, bytes.length);
        assertTrue(read != null && nasty.equals(read.get("key")) && nasty.equals(read.get("provider")), text);
    }

    @Test
    void theSecondChangesWithTheClock() {
        AccessRecord record = record();
        text(record);
        record.epochMillis += 1_994;
        assertTrue(text(record).startsWith("{\"time\":\"2026-11-20T09:08:09.000Z\""), text(record));
        record.epochMillis -= 3_600_000;
        assertTrue(text(record).startsWith("{\"time\":\"2026-11-20T08:08:09.000Z\""), text(record));
    }
}
