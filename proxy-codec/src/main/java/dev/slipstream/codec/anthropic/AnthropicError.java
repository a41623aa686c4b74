package dev.slipstream.codec.anthropic;

import dev.slipstream.codec.json.JsonText;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The error envelope of the Anthropic dialect. */
public final class AnthropicError {
    private static final byte[] TYPE = ascii("{\"type\":\"error\",\"error\":{\"type\":");
    private static final byte[] MESSAGE = ascii(",\"message\":");
    private static final byte[] REQUEST_ID = ascii("},\"request_id\":");

    private AnthropicError() {}

    /**
     * Appends the envelope, on one line. Borrows {@code out}.
     *
     * @param message any text; it is escaped
     * @param requestId the id that the answer's {@code request-id} header has
     */
    public static void write(ByteBuf out, int status, String message, String requestId) {
        out.writeBytes(TYPE);
        JsonText.string(out, typeFor(status));
        out.writeBytes(MESSAGE);
        JsonText.string(out, message);
        out.writeBytes(REQUEST_ID);
        JsonText.string(out, requestId);
        out.writeByte('}');
    }

    /** The {@code type} that goes with an HTTP status; what is no client error is the API's. */
    public static String typeFor(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 408, 504 -> "timeout_error";
            case 409 -> "conflict_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> status >= 400 && status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
