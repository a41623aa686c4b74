package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.anthropic.AnthropicError;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.openai.OpenAiError;
import org.jspecify.annotations.Nullable;

/** An error as a provider told it, in any of the shapes that occur, and as clients of either dialect are told. Reused. */
public final class ProviderError {
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] TYPE = ascii("type");
    private static final byte[] ENVELOPE = ascii("{\"error\":{\"message\":");
    private static final byte[] TYPE_KEY = ascii(",\"type\":");
    private static final byte[] PARAM_KEY = ascii(",\"param\":");
    private static final byte[] CODE_KEY = ascii(",\"code\":");
    private static final byte[] NULL = ascii("null");
    private static final byte[] END = ascii("}}");
    private static final int[] STATUSES = {400, 401, 402, 403, 404, 413, 429, 504, 529};

    private int status;
    private String message = "";
    private @Nullable String code;
    private @Nullable String param;

    /** An error of our own making. */
    public ProviderError set(int status, String message, @Nullable String code) {
        this.status = status;
        this.message = message;
        this.code = code;
        this.param = null;
        return this;
    }

    /** Whether {@code document}, which came with a status of success, is an error all the same. */
    public static boolean isError(JsonTree document) {
        return document.isPresent(document.member(JsonTree.ROOT, Names.ERROR));
    }

    /** Reads an error out of {@code document}; of one that came with a status of success the type tells the status. */
    public ProviderError read(int httpStatus, JsonTree document) {
        int details = document.member(JsonTree.ROOT, Names.ERROR);
        int text = document.member(details, MESSAGE);
        int type = document.member(details, TYPE);
        String shown = document.isString(text) ? document.string(text) : "The provider told of an error";
        return set(httpStatus >= 400 ? httpStatus : statusOf(document, type), shown, null);
    }

    private static int statusOf(JsonTree document, int type) {
        for (int status : STATUSES) {
            if (document.textIs(type, ascii(AnthropicError.typeFor(status)))) {
                return status;
            }
        }
        return 500;
    }

    /** Appends the envelope of the OpenAI dialect. */
    public void writeOpenAi(JsonOutput out) {
        out.raw(ENVELOPE)
                .string(message)
                .raw(TYPE_KEY)
                .string(OpenAiError.typeFor(status))
                .raw(PARAM_KEY);
        nullable(out, param);
        nullable(out.raw(CODE_KEY), code);
        out.raw(END);
    }

    private static void nullable(JsonOutput out, @Nullable String text) {
        if (text == null) {
            out.raw(NULL);
        } else {
            out.string(text);
        }
    }

    /** The status to answer with. */
    public int status() {
        return status;
    }

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
}
