package dev.slipstream.bench.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A replaying provider")
class ReplayProviderTest {
    @ParameterizedTest(name = "repeats every recording byte for byte, delivery {0}")
    @EnumSource
    void repeats(ReplayDelivery delivery) throws Exception {
        List<RecordedExchange> exchanges = RecordedExchanges.bundled();
        try (ReplayProvider provider = ReplayProvider.start(exchanges, delivery)) {
            for (RecordedExchange exchange : exchanges) {
                String url = provider.anthropicBaseUrl() + exchange.request().path();
                HttpResponse<String> response = exchange.request().method().equals("GET")
                        ? Wire.get(url)
                        : Wire.post(url, exchange.request().body());
                assertEquals(exchange.response().status(), response.statusCode(), exchange.toString());
                assertEquals(exchange.response().body(), response.body(), exchange.toString());
                exchange.response()
                        .headers()
                        .forEach((name, value) -> assertEquals(
                                value, response.headers().firstValue(name).orElse("absent"), exchange + " " + name));
            }
            assertEquals(exchanges.size(), provider.counters().requests());
        }
    }

    @Test
    @DisplayName("finds a recording under another prefix, with another model and other whitespace")
    void looseMatch() throws Exception {
        RecordedExchange recorded = RecordedExchanges.bundled().stream()
                .filter(exchange -> exchange.request().path().contains("paas/v4"))
                .findFirst()
                .orElseThrow();
        try (ReplayProvider provider = ReplayProvider.start(List.of(recorded), ReplayDelivery.WHOLE)) {
            String renamed = recorded.request().body().replace("\"" + recorded.model() + "\"", " \"other\" ");
            HttpResponse<String> response = Wire.post(provider.openAiBaseUrl() + "/chat/completions", renamed);
            assertEquals(recorded.response().body(), response.body());
        }
    }

    @Test
    @DisplayName("answers what was not recorded with 404 in the dialect")
    void notRecorded() throws Exception {
        try (ReplayProvider provider = ReplayProvider.start(RecordedExchanges.bundled(), ReplayDelivery.WHOLE)) {
            HttpResponse<String> response =
                    Wire.post(provider.anthropicBaseUrl() + "/v1/messages", Wire.messages("new", false));
            assertEquals(404, response.statusCode());
            assertTrue(response.body().contains("not_found_error"), response.body());
        }
    }

    @Test
    @DisplayName("sends a stream event by event, or byte by byte")
    void chunks() throws Exception {
        RecordedExchange recorded = RecordedExchanges.bundled().stream()
                .filter(exchange -> exchange.features().contains("sse_crlf"))
                .findFirst()
                .orElseThrow();
        for (ReplayDelivery delivery : List.of(ReplayDelivery.EVENTS, ReplayDelivery.BYTES)) {
            try (ReplayProvider provider = ReplayProvider.start(List.of(recorded), delivery);
                    Socket socket = Wire.sendLast(
                            provider.port(),
                            recorded.request().path(),
                            recorded.request().body())) {
                byte[] response = socket.getInputStream().readAllBytes();
                int chunks = Wire.chunks(response).size();
                String body = recorded.response().body();
                int expected = delivery == ReplayDelivery.BYTES
                        ? body.getBytes(StandardCharsets.UTF_8).length
                        : body.split("\r\n\r\n").length;
                assertEquals(expected, chunks, delivery.name());
            }
        }
    }

    @Test
    @DisplayName("cuts events behind blank lines of any line end, and keeps what follows the last")
    void slices() {
        assertEquals(List.of("a\n\n", "b\n\n"), events("a\n\nb\n\n"));
        assertEquals(List.of("a\r\n\r\n", "b\r\n\r\n", "c"), events("a\r\n\r\nb\r\n\r\nc"));
        assertEquals(List.of("a\r\r", "b"), events("a\r\rb"));
        assertEquals(List.of(""), events(""));
    }

    private static List<String> events(String body) {
        SlicedPieces pieces = SlicedPieces.events(body.getBytes(StandardCharsets.UTF_8));
        List<String> events = new ArrayList<>();
        while (pieces.hasNext()) {
            ByteBuf piece = pieces.next(UnpooledByteBufAllocator.DEFAULT);
            events.add(piece.toString(StandardCharsets.UTF_8));
            piece.release();
        }
        return events;
    }
}
