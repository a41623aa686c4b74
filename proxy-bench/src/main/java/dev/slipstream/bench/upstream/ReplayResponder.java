package dev.slipstream.bench.upstream;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the recording of a request. Thread-safe: immutable after construction. */
final class ReplayResponder implements Responder {
    /** Of the connection, or of a framing that is made anew; recorded bodies are not encoded any more. */
    private static final Set<String> NOT_REPLAYED = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "content-length",
            "content-encoding");

    /** What a recording is found by: {@code body} is a map without the model, or text that is no JSON. */
    private record Key(Endpoint endpoint, String modelPath, Object body) {}

    private final Json json = new Json();
    private final ReplayDelivery delivery;
    private final Map<Key, List<RecordedExchange>> recordings = new HashMap<>();

    ReplayResponder(List<RecordedExchange> exchanges, ReplayDelivery delivery) {
        this.delivery = delivery;
        for (RecordedExchange exchange : exchanges) {
            RecordedExchange.Request request = exchange.request();
            Key key = key(request.method(), request.path(), request.body().getBytes(StandardCharsets.UTF_8));
            recordings.computeIfAbsent(key, k -> new ArrayList<>()).add(exchange);
        }
    }

    @Override
    public Answer answer(ReceivedRequest request) {
        List<RecordedExchange> found =
                recordings.getOrDefault(key(request.method(), request.uri(), request.bodyBytes()), List.of());
        if (found.isEmpty()) {
            return notRecorded(request);
        }
        String model = Json.text(parsed(request.bodyBytes()), "model");
        RecordedExchange best = found.get(0);
        int bestScore = 0;
        for (RecordedExchange exchange : found) {
            int score = (exchange.request().path().equals(request.uri()) ? 2 : 0)
                    + (exchange.model().equals(model) ? 1 : 0);
            if (score > bestScore) {
                best = exchange;
                bestScore = score;
            }
        }
        return replay(best);
    }

    private Key key(String method, String uri, byte[] body) {
        Endpoint endpoint = Endpoint.of(method, uri);
        Map<String, @Nullable Object> object = parsed(body);
        Object rest = new String(body, StandardCharsets.UTF_8);
        if (!object.isEmpty()) {
            Map<String, @Nullable Object> withoutModel = new HashMap<>(object);
            withoutModel.remove("model");
            rest = withoutModel;
        }
        // Paths of unknown endpoints have to be equal: nothing is known about their prefixes.
        return new Key(endpoint, endpoint == Endpoint.UNKNOWN ? uri : Endpoint.modelId(uri), rest);
    }

    private Map<String, @Nullable Object> parsed(byte[] body) {
        try {
            return json.readObject(body);
        } catch (IOException e) {
            return Map.of();
        }
    }

    private Answer replay(RecordedExchange exchange) {
        byte[] body = exchange.response().body().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.response().headers().forEach((name, value) -> {
            if (!NOT_REPLAYED.contains(name)) {
                headers.put(name, value);
            }
        });
        // Some recordings kept no fields at all; clients decide by the content type.
        headers.putIfAbsent("content-type", exchange.streaming() ? Answer.EVENT_STREAM_TYPE : Answer.JSON_TYPE);
        boolean events = headers.getOrDefault("content-type", "").startsWith("text/event-stream");
        Pieces pieces = switch (delivery) {
            case WHOLE -> SlicedPieces.whole(body);
            case EVENTS -> events ? SlicedPieces.events(body) : SlicedPieces.whole(body);
            case BYTES -> SlicedPieces.bytes(body);
        };
        return Answer.immediate(exchange.response().status(), headers, pieces, events ? -1 : body.length);
    }

    private Answer notRecorded(ReceivedRequest request) {
        Dialect dialect = Endpoint.of(request.method(), request.uri())
                .dialect(request.uri(), request.header("anthropic-version") != null);
        String message = "no recording of " + request.method() + " " + request.uri() + " with this body";
        byte[] body = json.write(Errors.envelope(dialect, 404, message, "req_replay"));
        return Answer.immediate(404, Map.of("content-type", Answer.JSON_TYPE), body);
    }
}
