package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.anthropic.AnthropicError;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.openai.OpenAiError;
import org.jspecify.annotations.Nullable;

/**
 * An error as a provider told it, in any of the shapes that occur, and as clients of either dialect are told. The message
 * is kept as it came, up to a length; the type follows from the status, for providers' own types contradict it. Reused.
 */
public final class ProviderError {
    /** The longest message taken from JSON, in UTF-16 units; the rest is cut off. */
    public static final int MAX_MESSAGE_CHARS = 8192;

    /** The most that is shown of a body that is no JSON, or is JSON of an unknown shape. */
    public static final int MAX_BODY_BYTES = 1024;

    /** Longer bodies are not read as JSON. */
    private static final int MAX_JSON_BYTES = 256 * 1024;

    private static final int OVERLOADED = 529;
    /** What Claude Code looks for, in any case, before it makes a conversation shorter. */
    private static final String PROMPT_TOO_LONG = "prompt is too long";

    private static final byte[] ANTHROPIC_TYPE = ascii("{\"type\":\"error\",\"error\":{\"type\":");
    private static final byte[] ANTHROPIC_MESSAGE = ascii(",\"message\":");
    private static final byte[] ANTHROPIC_REQUEST_ID = ascii("},\"request_id\":");
    private static final byte[] OPENAI_MESSAGE = ascii("{\"error\":{\"message\":");
    private static final byte[] OPENAI_TYPE = ascii(",\"type\":");
    private static final byte[] OPENAI_PARAM = ascii(",\"param\":");
    private static final byte[] OPENAI_CODE = ascii(",\"code\":");
    private static final byte[] OPENAI_END = ascii("}}");
    private static final byte[] NULL = ascii("null");

    private int status;
    private String message = "";
    private @Nullable String code;
    private @Nullable String param;
    private boolean contextOverflow;
    private boolean overloaded;

    // ------------------------------------------------------------------ reading

    /** An error of our own making. */
    public ProviderError set(int status, String message, @Nullable String code) {
        this.status = status;
        this.message = message;
        this.code = code;
        this.param = null;
        this.contextOverflow = false;
        this.overloaded = status == OVERLOADED;
        return this;
    }

    /**
     * Reads a provider's error answer: JSON of any known shape, or anything else, of which no more than
     * {@link #MAX_BODY_BYTES} is shown, and nothing of a page of HTML.
     *
     * @param httpStatus the answer's status; below 400, or above 599, the error's own type and code say it
     * @param body borrowed; {@code body[from, to)} may be empty
     */
    public ProviderError read(int httpStatus, byte[] body, int from, int to) {
        if (to - from <= MAX_JSON_BYTES) {
            JsonTree tree = new JsonTree();
            tree.append(body, from, to);
            if (tree.parse() == JsonStatus.COMPLETE) {
                return read(httpStatus, tree);
            }
        }
        return take(httpStatus, ErrorShape.ofText(body, from, to));
    }

    /**
     * Reads a provider's error from JSON that was parsed, an error inside an answer of success among it.
     *
     * @param httpStatus as in {@link #read(int, byte[], int, int)}
     */
    public ProviderError read(int httpStatus, JsonTree document) {
        return read(httpStatus, document, JsonTree.ROOT);
    }

    /** Reads the error that is in {@code value}. */
    ProviderError read(int httpStatus, JsonTree document, int value) {
        return take(httpStatus, ErrorShape.of(document, value));
    }

    private ProviderError take(int httpStatus, ErrorShape shape) {
        code = shape.code();
        param = shape.param();
        contextOverflow = httpStatus != 401 && httpStatus != 403 && ErrorCodes.isContextOverflow(shape);
        overloaded = ErrorCodes.isOverloaded(httpStatus, shape);
        status = ErrorCodes.isError(httpStatus) ? httpStatus : ErrorCodes.status(shape);
        message = shape.message().isEmpty()
                ? "the provider answered with status " + status + " and no message"
                : shape.message();
        return this;
    }

    /** Whether {@code document}, which came with a status of success, is an error all the same. */
    public static boolean isError(JsonTree document) {
        return ErrorShape.isError(document);
    }

    /** Whether {@code error}, the member of that name, tells of one: some providers send it empty with every answer. */
    static boolean isTold(JsonTree tree, int error) {
        return ErrorShape.isTold(tree, error);
    }

    // ------------------------------------------------------------------ what it is

    /** The provider's status, or what its error says where that came with a success. */
    public int status() {
        return status;
    }

    /**
     * The status that a client of that dialect is answered with: a prompt that is too long is 400, and an overload is 529
     * to a client of Anthropic's and 503 to one of OpenAI's; both are tried again by both.
     */
    public int statusFor(Dialect client) {
        if (contextOverflow) {
            return 400;
        }
        return switch (client) {
            case ANTHROPIC -> overloaded ? OVERLOADED : status;
            case OPENAI -> status == OVERLOADED ? 503 : status;
        };
    }

    /** As the provider wrote it, less what is too long; never empty. */
    public String message() {
        return message;
    }

    /** The provider's own word or number for it; null where it sent none. */
    public @Nullable String code() {
        return code;
    }

    public @Nullable String param() {
        return param;
    }

    // ------------------------------------------------------------------ writing

    /**
     * Appends the envelope of the Anthropic dialect, on one line. A code, which it has no place for, stands behind the
     * message.
     *
     * @param requestId the id that the answer's {@code request-id} header has
     */
    public void writeAnthropic(JsonOutput out, String requestId) {
        out.raw(ANTHROPIC_TYPE).string(AnthropicError.typeFor(statusFor(Dialect.ANTHROPIC)));
        out.raw(ANTHROPIC_MESSAGE).raw('"');
        if (contextOverflow && !ErrorCodes.contains(message, PROMPT_TOO_LONG)) {
            out.escaped(PROMPT_TOO_LONG).escaped(": ");
        }
        out.escaped(message);
        if (code != null && !code.equals(Integer.toString(status)) && !message.contains(code)) {
            out.escaped(" (code ").escaped(code).raw(')');
        }
        out.raw('"').raw(ANTHROPIC_REQUEST_ID).string(requestId).raw('}');
    }

    /** Appends the envelope of the OpenAI dialect, on one line: always the four keys, the code as a string. */
    public void writeOpenAi(JsonOutput out) {
        out.raw(OPENAI_MESSAGE).string(message);
        out.raw(OPENAI_TYPE).string(OpenAiError.typeFor(statusFor(Dialect.OPENAI)));
        stringOrNull(out.raw(OPENAI_PARAM), param);
        stringOrNull(out.raw(OPENAI_CODE), openAiCode());
        out.raw(OPENAI_END);
    }

    private static void stringOrNull(JsonOutput out, @Nullable String text) {
        if (text == null) {
            out.raw(NULL);
        } else {
            out.string(text);
        }
    }

    private @Nullable String openAiCode() {
        if (contextOverflow) {
            return "context_length_exceeded";
        }
        if (code != null) {
            return code;
        }
        // Clients of OpenAI tell errors apart by these, and the Anthropic dialect has no codes.
        return switch (status) {
            case 401 -> "invalid_api_key";
            case 404 -> "model_not_found";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_exceeded";
            case OVERLOADED -> "overloaded";
            default -> null;
        };
    }
}
