package dev.slipstream.codec.translate;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonTree;

/** What both dialects agree on about {@code messages}, checked once so that nothing behind needs to. */
final class MessageShape {
    private MessageShape() {}

    /**
     * Whether {@code messages} is a list of at least one object, each of one of {@code roles}, its content a string, a
     * list of objects that have a type, or absent. Refuses where it is not.
     */
    static boolean check(JsonTree in, Dialect client, byte[][] roles, TranslatedRequest request) {
        int messages = in.member(JsonTree.ROOT, Keys.MESSAGES);
        if (!in.isArray(messages)) {
            return Refusal.of(request, client, in, JsonTree.ROOT, "messages", "a list of messages is required");
        }
        if (in.first(messages) == JsonTree.NONE) {
            return Refusal.of(request, client, in, messages, "at least one message is required");
        }
        for (int message = in.first(messages); message != JsonTree.NONE; message = in.next(messages, message)) {
            if (!in.isObject(message)) {
                return Refusal.of(request, client, in, message, "a message must be an object");
            }
            if (!isOneOf(in, in.member(message, Keys.ROLE), roles)) {
                return Refusal.of(request, client, in, message, "role", "unknown or missing role");
            }
            int content = in.member(message, Keys.CONTENT);
            if (in.isPresent(content) && !in.isString(content) && !in.isArray(content)) {
                return Refusal.of(request, client, in, content, "must be a string or a list");
            }
            if (!haveTypes(in, client, content, request)) {
                return false;
            }
        }
        return true;
    }

    private static boolean haveTypes(JsonTree in, Dialect client, int content, TranslatedRequest request) {
        if (in.isArray(content)) {
            for (int block = in.first(content); block != JsonTree.NONE; block = in.next(content, block)) {
                if (!in.isString(in.member(block, Keys.TYPE))) {
                    return Refusal.of(request, client, in, block, "must be an object with a type");
                }
            }
        }
        return true;
    }

    private static boolean isOneOf(JsonTree in, int value, byte[][] words) {
        for (byte[] word : words) {
            if (in.textIs(value, word)) {
                return true;
            }
        }
        return false;
    }
}
