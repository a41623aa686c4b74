package dev.slipstream.bench.upstream;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes answers up. Thread-safe: all state is atomic or immutable. */
final class SimulatedResponder implements Responder {
    private static final int DEFAULT_DIMENSIONS = 8;
    private static final int MAX_DIMENSIONS = 8192;

    private final SimulatedProviderOptions options;
    private final Json json = new Json();
    private final Sse sse = new Sse(json);
    private final ChatAnswers chat = new ChatAnswers(sse);
    private final MessagesAnswers messages = new MessagesAnswers(sse);
    private final ResponsesAnswers responses = new ResponsesAnswers(sse);
    private final AtomicLong ids = new AtomicLong();

    SimulatedResponder(SimulatedProviderOptions options) {
        this.options = options;
    }

    @Override
    public Answer answer(ReceivedRequest request) {
        long number = ids.incrementAndGet();
        String id = String.format("%024x", number);
        Endpoint endpoint = Endpoint.of(request.method(), request.uri());
        Dialect dialect = endpoint.dialect(request.uri(), request.header("anthropic-version") != null);
        Behaviour behaviour = new Behaviour(options.answers(), chance(number));
        try {
            if (!hasKey(request)) {
                return error(dialect, 401, "the key is missing or wrong", id, behaviour);
            }
            behaviour.applyHeaders(request.headers());
            return switch (endpoint) {
                case MODELS, MODEL -> models(endpoint, dialect, request.uri(), id, behaviour);
                case UNKNOWN ->
                    error(dialect, 404, "no such path: " + request.method() + " " + request.uri(), id, behaviour);
                case CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, RESPONSES, MESSAGES, COUNT_TOKENS -> {
                    byte[] bytes = request.bodyBytes();
                    ModelRequest read = new ModelRequest(dialect, endpoint, json.readObject(bytes), bytes.length);
                    behaviour.applyAll(read.model);
                    behaviour.applyAll(read.userText);
                    yield modelAnswer(read, number, id, behaviour);
                }
            };
        } catch (IOException e) {
            return error(dialect, 400, "the body is not a JSON object", id, behaviour);
        } catch (IllegalArgumentException e) {
            return error(dialect, 400, String.valueOf(e.getMessage()), id, behaviour);
        }
    }

    private Answer modelAnswer(ModelRequest request, long number, String id, Behaviour behaviour) {
        String missing = missingField(request);
        if (!missing.isEmpty()) {
            return error(request.dialect, 400, missing + ": Field required", id, behaviour);
        }
        options.faults().apply(number, behaviour);
        if (behaviour.status != 0) {
            return error(request.dialect, behaviour.status, "simulated error " + behaviour.status, id, behaviour);
        }
        if (behaviour.errorBody) {
            return whole(request.dialect, Errors.within200(request.dialect, "req_" + id), id, behaviour);
        }
        Composition answer = Composition.of(request, behaviour, id, System.currentTimeMillis() / 1000, json);
        return switch (request.endpoint) {
            case CHAT_COMPLETIONS ->
                request.stream
                        ? stream(request, chat.stream(answer), id, behaviour)
                        : whole(request.dialect, chat.whole(answer), id, behaviour);
            case COMPLETIONS ->
                request.stream
                        ? stream(request, chat.streamText(answer), id, behaviour)
                        : whole(request.dialect, chat.wholeText(answer), id, behaviour);
            case MESSAGES ->
                request.stream
                        ? stream(request, messages.stream(answer), id, behaviour)
                        : whole(request.dialect, messages.whole(answer), id, behaviour);
            case RESPONSES ->
                request.stream
                        ? stream(request, responses.stream(answer), id, behaviour)
                        : whole(request.dialect, responses.whole(answer), id, behaviour);
            case COUNT_TOKENS ->
                whole(
                        request.dialect,
                        Json.object("input_tokens", answer.usage().input()),
                        id,
                        behaviour);
            case EMBEDDINGS -> whole(request.dialect, embeddings(answer), id, behaviour);
            case MODELS, MODEL, UNKNOWN -> throw new IllegalStateException("not a model's endpoint");
        };
    }

    /** A request's own: whatever else is under way, the n-th meets the same. */
    private RandomGenerator chance(long number) {
        // Mixed, since generators whose seeds lie a step apart draw the same, one a step behind the other.
        long x = options.seed() * 0x9E3779B97F4A7C15L + number;
        x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return new SplittableRandom(x ^ (x >>> 31));
    }

    private boolean hasKey(ReceivedRequest request) {
        String key = options.requiredKey();
        return key.isEmpty()
                || key.equals(request.header("x-api-key"))
                || key.equals(request.header("api-key"))
                || ("Bearer " + key).equals(request.header("authorization"));
    }

    private static String missingField(ModelRequest request) {
        List<String> required = switch (request.endpoint) {
            case CHAT_COMPLETIONS, COUNT_TOKENS -> List.of("model", "messages");
            case MESSAGES -> List.of("model", "messages", "max_tokens");
            case COMPLETIONS -> List.of("model", "prompt");
            case EMBEDDINGS -> List.of("model", "input");
            case RESPONSES -> List.of("model");
            case MODELS, MODEL, UNKNOWN -> List.of();
        };
        for (String name : required) {
            if (request.body.get(name) == null) {
                return name;
            }
        }
        return "";
    }

    private Answer whole(Dialect dialect, Map<String, @Nullable Object> body, String id, Behaviour behaviour) {
        return Answer.whole(200, headers(dialect, Answer.JSON_TYPE, id), json.write(body), behaviour);
    }

    private Answer stream(ModelRequest request, Pieces pieces, String id, Behaviour behaviour) {
        Map<String, String> headers = headers(request.dialect, Answer.EVENT_STREAM_TYPE, id);
        headers.put("cache-control", "no-cache");
        int status = request.dialect == Dialect.ANTHROPIC ? 529 : 500;
        Map<String, @Nullable Object> envelope =
                Errors.envelope(request.dialect, status, "simulated error within the stream", "req_" + id);
        byte[] event = switch (request.endpoint) {
            case MESSAGES -> sse.typed(envelope);
            case RESPONSES ->
                sse.typed(Json.object(
                        "type",
                        "error",
                        "code",
                        "server_error",
                        "message",
                        "simulated error within the stream",
                        "param",
                        null,
                        "sequence_number",
                        behaviour.endAfter));
            case CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, COUNT_TOKENS, MODELS, MODEL, UNKNOWN -> sse.data(envelope);
        };
        return Answer.stream(headers, pieces, behaviour, new String(event, StandardCharsets.UTF_8));
    }

    private Answer error(Dialect dialect, int status, String message, String id, Behaviour behaviour) {
        Map<String, String> headers = headers(dialect, Answer.JSON_TYPE, id);
        if (!behaviour.retryAfter.isEmpty()) {
            headers.put("retry-after", behaviour.retryAfter);
        }
        byte[] body = json.write(Errors.envelope(dialect, status, message, "req_" + id));
        return Answer.whole(status, headers, body, behaviour);
    }

    /** What real providers add to their answers, and a proxy has to pass or to replace. */
    private static Map<String, String> headers(Dialect dialect, String contentType, String id) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", contentType);
        switch (dialect) {
            case OPENAI -> {
                headers.put("x-request-id", "req_" + id);
                headers.put("openai-version", "2020-10-01");
                headers.put("openai-processing-ms", "1");
                for (String what : List.of("requests", "tokens")) {
                    headers.put("x-ratelimit-limit-" + what, "10000");
                    headers.put("x-ratelimit-remaining-" + what, "9999");
                    headers.put("x-ratelimit-reset-" + what, "6ms");
                }
            }
            case ANTHROPIC -> {
                headers.put("request-id", "req_" + id);
                String reset = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
                for (String what : List.of("requests", "tokens")) {
                    headers.put("anthropic-ratelimit-" + what + "-limit", "10000");
                    headers.put("anthropic-ratelimit-" + what + "-remaining", "9999");
                    headers.put("anthropic-ratelimit-" + what + "-reset", reset);
                }
            }
        }
        return headers;
    }

    private Answer models(Endpoint endpoint, Dialect dialect, String uri, String id, Behaviour behaviour) {
        if (behaviour.status != 0) {
            return error(dialect, behaviour.status, "simulated error " + behaviour.status, id, behaviour);
        }
        List<String> names = options.models();
        if (endpoint == Endpoint.MODEL) {
            String name = Endpoint.modelId(uri);
            return names.contains(name)
                    ? whole(dialect, model(dialect, name), id, behaviour)
                    : error(dialect, 404, "model not found: " + name, id, behaviour);
        }
        List<Object> data = new ArrayList<>();
        for (String name : names) {
            data.add(model(dialect, name));
        }
        Map<String, @Nullable Object> list = switch (dialect) {
            case OPENAI -> Json.object("object", "list", "data", data);
            case ANTHROPIC ->
                Json.object(
                        "data",
                        data,
                        "has_more",
                        false,
                        "first_id",
                        names.isEmpty() ? null : names.get(0),
                        "last_id",
                        names.isEmpty() ? null : names.get(names.size() - 1));
        };
        return whole(dialect, list, id, behaviour);
    }

    private static Map<String, @Nullable Object> model(Dialect dialect, String name) {
        return switch (dialect) {
            case OPENAI -> Json.object("id", name, "object", "model", "created", 1767225600, "owned_by", "simulated");
            case ANTHROPIC ->
                Json.object(
                        "type",
                        "model",
                        "id",
                        name,
                        "display_name",
                        name,
                        "created_at",
                        "2026-01-01T00:00:00Z",
                        "lifecycle",
                        "active");
        };
    }

    private static Map<String, @Nullable Object> embeddings(Composition answer) {
        Map<String, @Nullable Object> body = answer.request().body;
        int inputs = body.get("input") instanceof List<?> list && !list.isEmpty() && !(list.get(0) instanceof Number)
                ? list.size()
                : 1;
        int dimensions =
                (int) Math.max(1, Math.min(MAX_DIMENSIONS, Json.number(body, "dimensions", DEFAULT_DIMENSIONS)));
        boolean base64 = Json.text(body, "encoding_format").equals("base64");
        List<Object> data = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            Object vector = base64 ? base64Vector(dimensions) : vector(dimensions);
            data.add(Json.object("object", "embedding", "index", i, "embedding", vector));
        }
        int tokens = answer.usage().input();
        return Json.object(
                "object",
                "list",
                "data",
                data,
                "model",
                answer.request().model,
                "usage",
                Json.object("prompt_tokens", tokens, "total_tokens", tokens));
    }

    private static List<Object> vector(int dimensions) {
        List<Object> vector = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            vector.add((i % 8) / 8.0);
        }
        return vector;
    }

    /** Little-endian 32-bit floats, as the official clients ask for by default. */
    private static String base64Vector(int dimensions) {
        ByteBuffer floats = ByteBuffer.allocate(dimensions * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < dimensions; i++) {
            floats.putFloat((i % 8) / 8f);
        }
        return Base64.getEncoder().encodeToString(floats.array());
    }
}
