package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/**
 * Ids of messages and of tool calls as the Anthropic dialect has them: letters, digits, dashes and underscores. Any other
 * byte becomes an underscore, so that the same id is always called the same.
 */
final class MessageIds {
    private static final byte[] MESSAGE_PREFIX = ascii("msg_");
    private static final byte[] CALL_PREFIX = ascii("toolu_");

    private MessageIds() {}

    /** Appends the id of a message, without quotes: the provider's with a prefix, or {@code madeUp}. */
    static void message(JsonOutput out, JsonTree tree, int id, String madeUp) {
        boolean told = CompletionNames.isId(tree, id);
        int from = told ? tree.start(id) + 1 : 0;
        int to = told ? tree.end(id) - 1 : 0;
        boolean prefixed = told ? startsWithPrefix(tree.text(), from, to) : madeUp.startsWith("msg_");
        if (!prefixed) {
            out.raw(MESSAGE_PREFIX);
        }
        if (!told) {
            out.escaped(madeUp);
        }
        for (int i = from; i < to; i++) {
            out.raw((char) legal(tree.text()[i]));
        }
    }

    private static boolean startsWithPrefix(byte[] text, int from, int to) {
        for (int i = 0; i < MESSAGE_PREFIX.length; i++) {
            if (from + i >= to || text[from + i] != MESSAGE_PREFIX[i]) {
                return false;
            }
        }
        return true;
    }

    /** Appends the id of a tool call, without quotes: the provider's, or one made up where it sent none. */
    static void call(JsonOutput out, JsonTree tree, int id, String madeUp, int number) {
        if (!CompletionNames.isId(tree, id)) {
            madeUpCall(out, madeUp, number);
            return;
        }
        for (int i = tree.start(id) + 1; i < tree.end(id) - 1; i++) {
            out.raw((char) legal(tree.text()[i]));
        }
    }

    /** Appends the id of a tool call that the provider gave none, without quotes. */
    static void madeUpCall(JsonOutput out, String madeUp, int number) {
        out.raw(CALL_PREFIX).escaped(madeUp).raw('_').number(number);
    }

    /** {@code c}, or an underscore where it may not stand in an id. */
    static byte legal(byte c) {
        boolean isLegal =
                (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        return isLegal ? c : (byte) '_';
    }
}
