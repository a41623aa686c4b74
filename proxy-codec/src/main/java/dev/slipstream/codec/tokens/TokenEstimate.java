package dev.slipstream.codec.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonTree;

/**
 * Estimates the input tokens of a request where no provider counts them: everything that the model reads, which is
 * system prompts, tools with their schemas, texts, thinking, calls and results of tools; images at a flat
 * {@link #IMAGE_TOKENS}, documents by their size. Never 0.
 *
 * <h2>Error</h2>
 * Held against what providers counted for the recorded requests of at least 100 tokens, without images, documents and
 * tools that the provider runs itself: GLM-4 models within 10 %, Claude models from 4 on within 17 %, 6 % on average;
 * models of other makers differ by what they make of tools, up to twofold for requests as small as the recorded ones.
 * {@code RecordedTokensTest} has the bounds. Of source text, prose and JSON it makes 0.9 to 1.2 times as many tokens as
 * OpenAI's o200k vocabulary. Not estimated: what a provider adds or leaves out by itself, thinking of earlier turns for
 * one, and the true size of an image, which is as a rule below the flat one.
 *
 * <h2>Cost</h2>
 * One pass over the text, four nanoseconds a byte or more, and one small object. Base64 is not looked into.
 */
public final class TokenEstimate {
    /** Of an image, whatever its size: what Anthropic scales large ones down to, about. */
    public static final long IMAGE_TOKENS = 1500;

    /** Whose tokenizer and prompt of tools the estimate is for. */
    public enum Family {
        /** Anthropic's models. */
        CLAUDE(17, 480, 310, 4),
        /** GLM, OpenAI's and all others. */
        OTHER(16, 64, 64, 8);

        /** Sixteenths of a token for what {@link TextTokens} counts as one. */
        private final int textScale;

        /** The prompt that tells the model of tools. */
        private final int tools;

        private final int forcedTools;
        private final int perTool;

        Family(int textScale, int tools, int forcedTools, int perTool) {
            this.textScale = textScale;
            this.tools = tools;
            this.forcedTools = forcedTools;
            this.perTool = perTool;
        }

        /** The family of the model of the name {@code name[from, to)}, ASCII in any case. */
        private static Family of(byte[] name, int from, int to) {
            for (int at = from; at <= to - CLAUDE_NAME.length; at++) {
                int i = 0;
                while (i < CLAUDE_NAME.length && (name[at + i] | 0x20) == CLAUDE_NAME[i]) {
                    i++;
                }
                if (i == CLAUDE_NAME.length) {
                    return CLAUDE;
                }
            }
            return OTHER;
        }

        /** The family of the model that its provider calls {@code name}. */
        public static Family of(byte[] name) {
            return of(name, 0, name.length);
        }

        /** The family of the model that a request names. */
        static Family of(JsonTree request) {
            int model = request.member(JsonTree.ROOT, MODEL);
            return request.isString(model) ? of(request.text(), request.start(model), request.end(model)) : OTHER;
        }
    }

    private static final long BASE = 3;
    private static final long PER_MESSAGE = 4;
    private static final long PER_CALL = 6;
    /** A tool that the provider knows: its schema is not in the request. */
    private static final long KNOWN_TOOL = 600;

    private static final long MIN_DOCUMENT = 1500;
    private static final int DOCUMENT_BYTES_PER_TOKEN = 16;
    private static final int MAX_NESTING = 16;

    private static final byte[] MODEL = ascii("model");
    private static final byte[] CLAUDE_NAME = ascii("claude");
    private static final byte[] SYSTEM = ascii("system");
    private static final byte[] MESSAGES = ascii("messages");
    private static final byte[] CONTENT = ascii("content");
    private static final byte[] TOOLS = ascii("tools");
    private static final byte[] FUNCTIONS = ascii("functions");
    private static final byte[] FUNCTION = ascii("function");
    private static final byte[] TOOL_CHOICE = ascii("tool_choice");
    private static final byte[] TYPE = ascii("type");
    private static final byte[] ANY = ascii("any");
    private static final byte[] TOOL = ascii("tool");
    private static final byte[] REQUIRED = ascii("required");
    private static final byte[] CUSTOM = ascii("custom");
    private static final byte[] NAME = ascii("name");
    private static final byte[] DESCRIPTION = ascii("description");
    private static final byte[] INPUT_SCHEMA = ascii("input_schema");
    private static final byte[] RESPONSE_FORMAT = ascii("response_format");
    private static final byte[] OUTPUT_CONFIG = ascii("output_config");
    private static final byte[] OUTPUT_FORMAT = ascii("output_format");
    private static final byte[] TOOL_CALLS = ascii("tool_calls");
    private static final byte[] FUNCTION_CALL = ascii("function_call");
    private static final byte[] ARGUMENTS = ascii("arguments");
    private static final byte[] REASONING_CONTENT = ascii("reasoning_content");
    private static final byte[] REFUSAL = ascii("refusal");
    private static final byte[] TEXT = ascii("text");
    private static final byte[] IMAGE = ascii("image");
    private static final byte[] IMAGE_URL = ascii("image_url");
    private static final byte[] INPUT_IMAGE = ascii("input_image");
    private static final byte[] DOCUMENT = ascii("document");
    private static final byte[] FILE = ascii("file");
    private static final byte[] FILE_DATA = ascii("file_data");
    private static final byte[] INPUT_AUDIO = ascii("input_audio");
    private static final byte[] SOURCE = ascii("source");
    private static final byte[] DATA = ascii("data");
    private static final byte[] TITLE = ascii("title");
    private static final byte[] CONTEXT = ascii("context");
    private static final byte[] THINKING = ascii("thinking");
    private static final byte[] REDACTED_THINKING = ascii("redacted_thinking");
    private static final byte[] INPUT = ascii("input");

    private final JsonTree tree;
    /** Of text, in sixteenths of a token. */
    private long text;
    /** Of what is no text, in tokens. */
    private long flat = BASE;

    private TokenEstimate(JsonTree tree) {
        this.tree = tree;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /**
     * The estimate for the model that the request names.
     *
     * @param request a parsed request, in any shape; what is not understood counts as little
     * @param dialect the request's
     * @return tokens, at least 1
     */
    public static long of(JsonTree request, Dialect dialect) {
        return of(request, dialect, Family.of(request));
    }

    /** The estimate for a model of {@code family}, for where the request is answered by another than it names. */
    public static long of(JsonTree request, Dialect dialect, Family family) {
        TokenEstimate estimate = new TokenEstimate(request);
        estimate.request(dialect, family);
        return estimate.flat + (estimate.text * family.textScale + 255) / 256;
    }

    private void request(Dialect dialect, Family family) {
        if (dialect == Dialect.ANTHROPIC) {
            content(tree.member(JsonTree.ROOT, SYSTEM), 0);
            json(tree.member(JsonTree.ROOT, OUTPUT_FORMAT));
            json(tree.member(JsonTree.ROOT, OUTPUT_CONFIG));
        } else {
            json(tree.member(JsonTree.ROOT, RESPONSE_FORMAT));
            tools(tree.member(JsonTree.ROOT, FUNCTIONS), dialect, family);
        }
        int messages = tree.member(JsonTree.ROOT, MESSAGES);
        for (int m = tree.first(messages); m != JsonTree.NONE; m = tree.next(messages, m)) {
            message(m);
        }
        tools(tree.member(JsonTree.ROOT, TOOLS), dialect, family);
    }

    private void message(int message) {
        flat += PER_MESSAGE;
        content(tree.member(message, CONTENT), 0);
        text(tree.member(message, REASONING_CONTENT));
        text(tree.member(message, REFUSAL));
        int calls = tree.member(message, TOOL_CALLS);
        for (int call = tree.first(calls); call != JsonTree.NONE; call = tree.next(calls, call)) {
            call(tree.member(call, FUNCTION));
        }
        call(tree.member(message, FUNCTION_CALL));
    }

    private void call(int function) {
        if (tree.isObject(function)) {
            flat += PER_CALL;
            text(tree.member(function, NAME));
            text(tree.member(function, ARGUMENTS));
        }
    }

    private void tools(int tools, Dialect dialect, Family family) {
        if (tree.first(tools) == JsonTree.NONE) {
            return;
        }
        flat += isForced() ? family.forcedTools : family.tools;
        for (int tool = tree.first(tools); tool != JsonTree.NONE; tool = tree.next(tools, tool)) {
            flat += family.perTool;
            int type = tree.member(tool, TYPE);
            int schema = tree.member(tool, INPUT_SCHEMA);
            if (dialect == Dialect.OPENAI) {
                json(tool);
            } else if (tree.isPresent(schema) || !tree.isString(type) || tree.textIs(type, CUSTOM)) {
                text(tree.member(tool, NAME));
                text(tree.member(tool, DESCRIPTION));
                json(schema);
            } else {
                flat += KNOWN_TOOL;
            }
        }
    }

    private boolean isForced() {
        int choice = tree.member(JsonTree.ROOT, TOOL_CHOICE);
        int type = tree.isObject(choice) ? tree.member(choice, TYPE) : choice;
        return tree.textIs(type, ANY)
                || tree.textIs(type, TOOL)
                || tree.textIs(type, FUNCTION)
                || tree.textIs(type, REQUIRED);
    }

    // ------------------------------------------------------------------ content

    private void content(int content, int nesting) {
        if (tree.isArray(content)) {
            for (int block = tree.first(content); block != JsonTree.NONE; block = tree.next(content, block)) {
                block(block, nesting);
            }
        } else if (tree.isObject(content)) {
            block(content, nesting);
        } else {
            text(content);
        }
    }

    private void block(int block, int nesting) {
        int type = tree.member(block, TYPE);
        int inner = tree.member(block, CONTENT);
        if (!tree.isObject(block) || nesting == MAX_NESTING) {
            json(block);
        } else if (tree.isString(tree.member(block, TEXT))) {
            text(tree.member(block, TEXT));
        } else if (tree.textIs(type, IMAGE) || tree.textIs(type, IMAGE_URL) || tree.textIs(type, INPUT_IMAGE)) {
            flat += IMAGE_TOKENS;
        } else if (tree.textIs(type, DOCUMENT)) {
            document(block, nesting);
        } else if (tree.textIs(type, FILE)) {
            sized(tree.member(tree.member(block, FILE), FILE_DATA));
        } else if (tree.textIs(type, INPUT_AUDIO)) {
            sized(tree.member(tree.member(block, INPUT_AUDIO), DATA));
        } else if (tree.textIs(type, THINKING)) {
            text(tree.member(block, THINKING));
        } else if (tree.textIs(type, REDACTED_THINKING)) {
            flat += length(tree.member(block, DATA)) / DOCUMENT_BYTES_PER_TOKEN;
        } else if (tree.isPresent(tree.member(block, INPUT))) {
            flat += PER_CALL;
            text(tree.member(block, NAME));
            json(tree.member(block, INPUT));
        } else if (inner != JsonTree.NONE) {
            // Results, of the client's tools and of the provider's own.
            flat += PER_CALL;
            content(inner, nesting + 1);
        } else {
            json(block);
        }
    }

    private void document(int block, int nesting) {
        int source = tree.member(block, SOURCE);
        text(tree.member(block, TITLE));
        text(tree.member(block, CONTEXT));
        if (tree.textIs(tree.member(source, TYPE), TEXT)) {
            text(tree.member(source, DATA));
        } else if (tree.textIs(tree.member(source, TYPE), CONTENT)) {
            content(tree.member(source, CONTENT), nesting + 1);
        } else {
            sized(tree.member(source, DATA));
        }
    }

    /** Of a file in base64, or of one that is only named. */
    private void sized(int data) {
        flat += Math.max(MIN_DOCUMENT, length(data) / DOCUMENT_BYTES_PER_TOKEN);
    }

    private long length(int value) {
        return tree.isString(value) ? tree.end(value) - tree.start(value) - 2 : 0;
    }

    // ------------------------------------------------------------------ text

    private void text(int value) {
        if (tree.isString(value)) {
            text += TextTokens.count(tree.text(), tree.start(value) + 1, tree.end(value) - 1, true);
        }
    }

    /** JSON as the model is shown it: without the white space between its tokens, with the marks. */
    private void json(int value) {
        if (value == JsonTree.NONE) {
            return;
        }
        byte[] bytes = tree.text();
        int behind = tree.behind(value);
        for (int v = value; v < behind; v++) {
            if (v != value && tree.keyStart(v) != JsonTree.NONE) {
                text += 2 * TextTokens.ONE + TextTokens.count(bytes, tree.keyStart(v) + 1, tree.keyEnd(v) - 1, true);
            }
            if (tree.isString(v)) {
                text += 2 * TextTokens.ONE;
                text(v);
            } else if (tree.isObject(v) || tree.isArray(v)) {
                text += TextTokens.ONE;
            } else {
                text += TextTokens.count(bytes, tree.start(v), tree.end(v), false);
            }
        }
    }
}
