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
        if (CompletionNames.isId(tree, id)) {
            if (!tree.startsWith(id, MESSAGE_PREFIX)) {
                out.raw(MESSAGE_PREFIX);
            }
            legal(out, tree, id);
        } else {
            out.raw(MESSAGE_PREFIX).escaped(madeUp);
        }
    }

    /** Appends the id of a tool call, without quotes: the provider's, or one made up where it sent none. */
    static void call(JsonOutput out, JsonTree tree, int id, String madeUp, int number) {
        if (CompletionNames.isId(tree, id)) {
            legal(out, tree, id);
        } else {
            madeUpCall(out, madeUp, number);
        }
    }

    /** Appends {@code id}, however it is escaped, with an underscore for each byte that may not stand there. */
    private static void legal(JsonOutput out, JsonTree tree, int id) {
        int start = out.length();
        out.unescaped(tree, id);
        int end = out.length();
        // Over itself: nothing moves.
        out.truncate(start);
        for (int i = start; i < end; i++) {
            out.raw((char) legal(out.bytes()[i]));
        }
    }

    /** Appends the id of a tool call that the provider gave none, without quotes. */
    static void madeUpCall(JsonOutput out, String madeUp, int number) {
        out.raw(CALL_PREFIX).escaped(madeUp).raw('_').number(number);
    }

    /** {@code c}, or an underscore where it may not stand in an id. */
    private static byte legal(byte c) {
        boolean isLegal =
                (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        return isLegal ? c : (byte) '_';
    }
}
