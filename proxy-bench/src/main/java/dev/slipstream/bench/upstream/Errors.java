package dev.slipstream.bench.upstream;

import dev.slipstream.codec.Dialect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Both dialects' error envelopes, with the type that each gives a status. */
final class Errors {
    private Errors() {}

    static Map<String, @Nullable Object> envelope(Dialect dialect, int status, String message, String requestId) {
        return switch (dialect) {
            case ANTHROPIC -> anthropic(status, message, requestId);
            case OPENAI -> openAi(status, message);
        };
    }

    /** What some providers send with status 200, Z.AI among them: its codes are numbers in quotes, 1302 is "too many at once". */
    static Map<String, @Nullable Object> within200(Dialect dialect, String requestId) {
        String message = "simulated error within a 200";
        return switch (dialect) {
            case ANTHROPIC -> anthropic(529, message, requestId);
            case OPENAI -> Json.object("error", Json.object("code", "1302", "message", message));
        };
    }

    private static Map<String, @Nullable Object> anthropic(int status, String message, String requestId) {
        String type = switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 408, 504 -> "timeout_error";
            case 409 -> "conflict_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
        return Json.object(
                "type", "error", "error", Json.object("type", type, "message", message), "request_id", requestId);
    }

    private static Map<String, @Nullable Object> openAi(int status, String message) {
        String type = switch (status) {
            case 402 -> "insufficient_quota";
            case 403 -> "permission_error";
            case 408, 504 -> "timeout";
            case 409 -> "conflict";
            case 429 -> "rate_limit_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
        @Nullable
        String code = switch (status) {
            case 401 -> "invalid_api_key";
            case 404 -> "model_not_found";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_exceeded";
            case 529 -> "overloaded";
            default -> null;
        };
        return Json.object("error", Json.object("message", message, "type", type, "param", null, "code", code));
    }
}
