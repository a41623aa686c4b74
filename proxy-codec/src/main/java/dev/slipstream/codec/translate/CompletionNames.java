package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonTree;

/** Keys and values of the OpenAI dialect's answers, and how they are looked at. */
final class CompletionNames {
    static final byte[] ID = ascii("id");
    static final byte[] MODEL = ascii("model");
    static final byte[] CHOICES = ascii("choices");
    static final byte[] INDEX = ascii("index");
    static final byte[] DELTA = ascii("delta");
    static final byte[] MESSAGE = ascii("message");
    static final byte[] FINISH_REASON = ascii("finish_reason");
    static final byte[] USAGE = ascii("usage");
    static final byte[] X_GROQ = ascii("x_groq");
    static final byte[] CONTENT = ascii("content");
    static final byte[] REFUSAL = ascii("refusal");
    static final byte[] REASONING_CONTENT = ascii("reasoning_content");
    static final byte[] REASONING = ascii("reasoning");
    static final byte[] TOOL_CALLS = ascii("tool_calls");
    static final byte[] FUNCTION_CALL = ascii("function_call");
    static final byte[] FUNCTION = ascii("function");
    static final byte[] NAME = ascii("name");
    static final byte[] ARGUMENTS = ascii("arguments");
    static final byte[] TEXT = ascii("text");
    static final byte[] THINKING = ascii("thinking");
    private static final byte[] NULL = ascii("null");

    private CompletionNames() {}

    /** Whether {@code value} is a string with something in it. An empty one, or null, says nothing in this dialect. */
    static boolean isText(JsonTree tree, int value) {
        return tree.isString(value) && !tree.isEmptyString(value);
    }

    /** Whether {@code value} is an id. Mistral sends the word {@code null} for none. */
    static boolean isId(JsonTree tree, int value) {
        return isText(tree, value) && !tree.textIs(value, NULL);
    }

    /** The first choice, which is the only one that the Anthropic dialect has room for; or {@link JsonTree#NONE}. */
    static int firstChoice(JsonTree tree, int choices) {
        if (!tree.isArray(choices)) {
            return JsonTree.NONE;
        }
        for (int choice = tree.first(choices); choice != JsonTree.NONE; choice = tree.next(choices, choice)) {
            if (tree.isObject(choice) && tree.integer(tree.member(choice, INDEX), 0) == 0) {
                return choice;
            }
        }
        return JsonTree.NONE;
    }

    /** The more telling of the two names that thinking has as a text of its own, or {@link JsonTree#NONE}. */
    static int reasoning(JsonTree tree, int reasoningContent, int reasoning) {
        if (isText(tree, reasoningContent)) {
            return reasoningContent;
        }
        return isText(tree, reasoning) ? reasoning : JsonTree.NONE;
    }
}
