package dev.slipstream.admin;

import dev.slipstream.failure.FailureKind;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer before it is HTTP.
 *
 * @param body owned by the answer
 * @param error the word of {@code x-slipstream-error}, or null
 * @param allow the methods of a 405, or null
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and written once.
record AdminResponse(
        HttpResponseStatus status,
        String contentType,
        byte[] body,
        @Nullable String error,
        @Nullable String allow) {
    static final String JSON = "application/json";

    static AdminResponse json(Map<String, ?> body) {
        return json(HttpResponseStatus.OK, body);
    }

    static AdminResponse json(HttpResponseStatus status, Map<String, ?> body) {
        return new AdminResponse(status, JSON, JsonText.bytes(body), null, null);
    }

    static AdminResponse failure(FailureKind kind, String message) {
        return failure(kind, message, null);
    }

    static AdminResponse methodNotAllowed(String allow) {
        return failure(FailureKind.METHOD_NOT_ALLOWED, "The method is not allowed here; allowed: " + allow, allow);
    }

    private static AdminResponse failure(FailureKind kind, String message, @Nullable String allow) {
        String type = kind.status() < 500 ? "invalid_request_error" : "server_error";
        return new AdminResponse(
                HttpResponseStatus.valueOf(kind.status()),
                JSON,
                JsonText.bytes(Map.of("error", Map.of("message", message, "type", type, "code", kind.word()))),
                kind.word(),
                allow);
    }
}
