package dev.slipstream.codec.openai;

import dev.slipstream.codec.json.JsonText;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The error envelope of the OpenAI dialect: always the four keys, which some clients read unguarded. */
public final class OpenAiError {
    private static final byte[] MESSAGE = ascii("{\"error\":{\"message\":");
    private static final byte[] TYPE = ascii(",\"type\":");
    private static final byte[] PARAM = ascii(",\"param\":");
    private static final byte[] CODE = ascii(",\"code\":");
    private static final byte[] NULL = ascii("null");
    private static final byte[] END = ascii("}}");

    private OpenAiError() {}

    /**
     * Appends the envelope, on one line. Borrows {@code out}.
     *
     * @param message any text; it is escaped
     * @param param the field of the request that is to blame, such as {@code messages[2].content}, or null for none
     * @param code a code such as {@code model_not_found}, or null for none
     */
    public static void write(ByteBuf out, int status, String message, @Nullable String param, @Nullable String code) {
        out.writeBytes(MESSAGE);
        JsonText.string(out, message);
        out.writeBytes(TYPE);
        JsonText.string(out, typeFor(status));
        out.writeBytes(PARAM);
        stringOrNull(out, param);
        out.writeBytes(CODE);
        stringOrNull(out, code);
        out.writeBytes(END);
    }

    private static void stringOrNull(ByteBuf out, @Nullable String text) {
        if (text == null) {
            out.writeBytes(NULL);
        } else {
            JsonText.string(out, text);
        }
    }

    /** The {@code type} that goes with an HTTP status; what is no client error is a server error. */
    public static String typeFor(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "insufficient_quota";
            case 403 -> "permission_error";
            case 408, 504 -> "timeout";
            case 409 -> "conflict";
            case 429 -> "rate_limit_error";
            default -> status >= 400 && status < 500 ? "invalid_request_error" : "server_error";
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
