package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/**
 * Reads what is said in an OpenAI {@code message}, or in a {@code delta} of it: thinking first, under any of the names it
 * goes by, then content, as a string or as a list of parts, then a refusal. Reused.
 */
final class AnswerReader {
    /** Is told the texts that are there, none of them empty. */
    interface Listener {
        /**
         * A piece of text.
         *
         * @param text a string
         * @return false to be told no more
         */
        boolean text(boolean isThinking, JsonTree tree, int text, JsonOutput out);
    }

    private int reasoningContent = NONE;
    private int reasoning = NONE;
    private int content = NONE;
    private int refusal = NONE;
    private int toolCalls = NONE;
    private int functionCall = NONE;
    private boolean refused;

    /** Finds the members of {@code message}. */
    void read(JsonTree tree, int message) {
        reasoningContent = NONE;
        reasoning = NONE;
        content = NONE;
        refusal = NONE;
        toolCalls = NONE;
        functionCall = NONE;
        refused = false;
        if (!tree.isObject(message)) {
            return;
        }
        // One pass instead of a search for each: this is every event's way.
        for (int member = tree.first(message); member != NONE; member = tree.next(message, member)) {
            if (tree.keyIs(member, CompletionNames.CONTENT)) {
                content = member;
            } else if (tree.keyIs(member, CompletionNames.REASONING_CONTENT)) {
                reasoningContent = member;
            } else if (tree.keyIs(member, CompletionNames.REASONING)) {
                reasoning = member;
            } else if (tree.keyIs(member, CompletionNames.TOOL_CALLS)) {
                toolCalls = member;
            } else if (tree.keyIs(member, CompletionNames.REFUSAL)) {
                refusal = member;
            } else if (tree.keyIs(member, CompletionNames.FUNCTION_CALL)) {
                functionCall = member;
            }
        }
    }

    /** The {@code tool_calls}, or {@link JsonTree#NONE}. */
    int toolCalls() {
        return toolCalls;
    }

    /** The deprecated {@code function_call}, or {@link JsonTree#NONE}. */
    int functionCall() {
        return functionCall;
    }

    /** The {@code content}, or {@link JsonTree#NONE}. */
    int content() {
        return content;
    }

    /** Whether a text that was told is a refusal. */
    boolean isRefused() {
        return refused;
    }

    /** Tells the texts in order; gives back false where the listener did. */
    boolean tell(JsonTree tree, JsonOutput out, Listener listener) {
        int thought = CompletionNames.reasoning(tree, reasoningContent, reasoning);
        if (thought != NONE && !listener.text(true, tree, thought, out)) {
            return false;
        }
        if (tree.isString(content)) {
            if (!tree.isEmptyString(content) && !listener.text(false, tree, content, out)) {
                return false;
            }
        } else if (!parts(tree, content, false, out, listener)) {
            return false;
        }
        return refusal(tree, refusal, out, listener);
    }

    private boolean refusal(JsonTree tree, int text, JsonOutput out, Listener listener) {
        if (!CompletionNames.isText(tree, text)) {
            return true;
        }
        refused = true;
        return listener.text(false, tree, text, out);
    }

    /** Tells the texts of {@code parts}; those that are neither text nor thinking have no counterpart. */
    private boolean parts(JsonTree tree, int parts, boolean isThinking, JsonOutput out, Listener listener) {
        if (!tree.isArray(parts)) {
            return true;
        }
        for (int part = tree.first(parts); part != NONE; part = tree.next(parts, part)) {
            int text = tree.isString(part) ? part : tree.member(part, CompletionNames.TEXT);
            if (CompletionNames.isText(tree, text) && !listener.text(isThinking, tree, text, out)) {
                return false;
            }
            int thought = isThinking ? NONE : tree.member(part, CompletionNames.THINKING);
            if (CompletionNames.isText(tree, thought) && !listener.text(true, tree, thought, out)) {
                return false;
            }
            // Mistral: thinking is itself a list of parts.
            if (!parts(tree, thought, true, out, listener)
                    || !refusal(tree, tree.member(part, CompletionNames.REFUSAL), out, listener)) {
                return false;
            }
        }
        return true;
    }
}
