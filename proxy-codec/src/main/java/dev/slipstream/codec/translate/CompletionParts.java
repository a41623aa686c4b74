package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/** What a completion of the OpenAI dialect and a chunk of one have in common, made from Anthropic's message. */
final class CompletionParts {
    static final byte[] TYPE = ascii("type");
    static final byte[] MESSAGE = ascii("message");
    static final byte[] CONTENT = ascii("content");
    static final byte[] STOP_REASON = ascii("stop_reason");
    static final byte[] USAGE = ascii("usage");
    static final byte[] TEXT = ascii("text");
    static final byte[] THINKING = ascii("thinking");
    static final byte[] TOOL_USE = ascii("tool_use");
    static final byte[] NAME = ascii("name");
    static final byte[] INPUT = ascii("input");
    private static final byte[] ID = ascii("id");
    private static final byte[] MODEL = ascii("model");

    /** They stand in every chunk: longer ones of a provider are not taken over. */
    private static final int MAX_ID_BYTES = 128;

    private static final int MAX_MODEL_BYTES = 256;

    private static final byte[] OPEN_ID = ascii("{\"id\":\"");
    private static final byte[] ID_PREFIX = ascii("chatcmpl-");
    private static final byte[] OBJECT = ascii("\",\"object\":\"");
    private static final byte[] CREATED = ascii("\",\"created\":");
    private static final byte[] OPEN_MODEL = ascii(",\"model\":");
    private static final byte[] EMPTY_ARGUMENTS = ascii("{}");
    private static final byte[] CALL_ID = ascii("call_");

    private CompletionParts() {}

    /**
     * Appends the members that a document begins with, up to the model, from a message or, of what it lacks, from the
     * request.
     *
     * @param message the provider's message, or none
     * @param object the dialect's name for the kind of document
     */
    static void open(
            JsonOutput out,
            JsonTree tree,
            int message,
            TranslatedRequest request,
            String id,
            long createdSeconds,
            byte[] object) {
        out.raw(OPEN_ID).raw(ID_PREFIX);
        int given = tree.member(message, ID);
        if (isToldWithin(tree, given, MAX_ID_BYTES)) {
            copy(out, tree, given);
        } else {
            out.escaped(id);
        }
        out.raw(OBJECT).raw(object).raw(CREATED).number(createdSeconds).raw(OPEN_MODEL);
        int model = tree.member(message, MODEL);
        if (isToldWithin(tree, model, MAX_MODEL_BYTES)) {
            out.raw('"');
            copy(out, tree, model);
            out.raw('"');
        } else {
            out.string(request.model());
        }
    }

    private static boolean isToldWithin(JsonTree tree, int string, int maxBytes) {
        return isText(tree, string) && tree.end(string) - tree.start(string) <= maxBytes;
    }

    /** Whether {@code value} is a string with something in it. */
    static boolean isText(JsonTree tree, int value) {
        return tree.isString(value) && !tree.isEmptyString(value);
    }

    /** Appends the inside of a string, and never notes it: the tree may be filled anew before the output is taken. */
    static void copy(JsonOutput out, JsonTree tree, int string) {
        out.raw(tree.text(), tree.start(string) + 1, tree.end(string) - 1);
    }

    /** Appends the inside of a tool call's id; one is made up where the provider gave none. */
    static void callId(JsonOutput out, JsonTree tree, int toolUse, String id, int toolIndex) {
        int given = tree.member(toolUse, ID);
        if (isText(tree, given)) {
            copy(out, tree, given);
        } else {
            out.raw(CALL_ID).escaped(id).raw('_').number(toolIndex);
        }
    }

    /** Appends the name of a tool as the client calls it, inside of the quotes. */
    static void toolName(JsonOutput out, JsonTree tree, int name, ToolNames names) {
        if (names.isEmpty()) {
            copy(out, tree, name);
        } else {
            out.escaped(names.originalOf(tree.string(name)));
        }
    }

    /** Whether {@code input} says anything: an empty object stands for no arguments, and for those still to come. */
    static boolean hasArguments(JsonTree tree, int input) {
        return tree.isObject(input) ? tree.first(input) != JsonTree.NONE : tree.isString(input) && !tree.isBlank(input);
    }

    /**
     * Appends arguments as the inside of a string: the object's JSON without its white space. Some servers send that
     * text already, which is copied. Without any it is that of an empty object, for clients parse it unguarded.
     */
    static void arguments(JsonOutput out, JsonTree tree, int input) {
        if (!hasArguments(tree, input)) {
            out.raw(EMPTY_ARGUMENTS);
        } else if (tree.isObject(input)) {
            out.embedded(tree, input);
        } else {
            copy(out, tree, input);
        }
    }
}
