package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.json.JsonTree.ROOT;
import static dev.slipstream.codec.translate.Names.ascii;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.json.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's error says, whatever it looks like.
 *
 * @param message the text of it, cut to a length; empty where there is none
 * @param type the provider's type of error
 * @param code the provider's word or number
 * @param param the field that is to blame
 */
record ErrorShape(
        String message,
        @Nullable String type,
        @Nullable String code,
        @Nullable String param) {
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] MSG = ascii("msg");
    private static final byte[] DETAIL = ascii("detail");
    private static final byte[] ERRORS = ascii("errors");
    private static final byte[] TYPE = ascii("type");
    private static final byte[] CODE = ascii("code");
    private static final byte[] PARAM = ascii("param");
    private static final byte[] STATUS = ascii("status");
    private static final byte[] SUCCESS = ascii("success");
    private static final byte[] OBJECT = ascii("object");
    private static final byte[] METADATA = ascii("metadata");
    private static final byte[] RAW = ascii("raw");

    private static final int MAX_CODE_CHARS = 128;
    /** Levels of errors inside errors that are looked into. */
    private static final int MAX_LEVELS = 4;

    // ------------------------------------------------------------------ whether it is one

    static boolean isError(JsonTree tree) {
        int root = tree.isArray(ROOT) ? tree.first(ROOT) : ROOT;
        if (!tree.isObject(root)) {
            return false;
        }
        if (isTold(tree, tree.member(root, Names.ERROR))
                || tree.textIs(tree.member(root, TYPE), Names.ERROR)
                || tree.textIs(tree.member(root, OBJECT), Names.ERROR)
                || tree.isFalse(tree.member(root, SUCCESS))) {
            return true;
        }
        // Z.AI: {"code":500,"msg":"404 NOT_FOUND","success":false}, its gateway and FastAPI's servers alike.
        boolean isAnswer = tree.isPresent(tree.member(root, CompletionNames.CHOICES))
                || tree.isPresent(tree.member(root, CompletionNames.CONTENT));
        long code = tree.integer(tree.member(root, CODE), 0);
        return !isAnswer && ((code >= 400 && isMessage(tree, root)) || tree.isPresent(tree.member(root, DETAIL)));
    }

    private static boolean isMessage(JsonTree tree, int object) {
        return tree.isString(tree.member(object, MSG)) || tree.isString(tree.member(object, MESSAGE));
    }

    static boolean isTold(JsonTree tree, int error) {
        return CompletionNames.isText(tree, error) || (tree.isObject(error) && tree.first(error) != NONE);
    }

    // ------------------------------------------------------------------ JSON

    static ErrorShape of(JsonTree tree, int value) {
        return of(tree, value, MAX_LEVELS);
    }

    private static ErrorShape of(JsonTree tree, int value, int levels) {
        if (tree.isArray(value) && tree.isObject(tree.first(value)) && levels > 0) {
            // Google's endpoint: a list of one.
            return of(tree, tree.first(value), levels - 1);
        }
        if (tree.isString(value)) {
            return new ErrorShape(text(tree, value), null, null, null);
        }
        int error = tree.member(value, Names.ERROR);
        if (tree.isObject(error) && levels > 0) {
            ErrorShape inner = of(tree, error, levels - 1);
            return inner.code != null ? inner : inner.withCode(word(tree, tree.member(value, CODE)));
        }
        String message = message(tree, value, error, levels);
        String type = word(tree, tree.member(value, TYPE));
        if (type == null) {
            // Google: UNAVAILABLE, say. Others have a number there.
            type = word(tree, tree.member(value, STATUS));
        }
        int param = tree.member(value, PARAM);
        return new ErrorShape(
                message,
                type,
                word(tree, tree.member(value, CODE)),
                CompletionNames.isText(tree, param) ? cut(tree.string(param), MAX_CODE_CHARS) : null);
    }

    private ErrorShape withCode(@Nullable String otherCode) {
        return new ErrorShape(message, type, otherCode, param);
    }

    private static String message(JsonTree tree, int value, int error, int levels) {
        if (CompletionNames.isText(tree, error)) {
            return text(tree, error);
        }
        String message = ofMembers(tree, value, levels);
        int cause = tree.member(tree.member(value, METADATA), RAW);
        if (CompletionNames.isText(tree, cause)) {
            // OpenRouter: "Provider returned error", and here is what it was.
            message = cut(message + ": " + text(tree, cause), ProviderError.MAX_MESSAGE_CHARS);
        }
        return message.isEmpty() ? raw(tree, value) : message;
    }

    private static String ofMembers(JsonTree tree, int value, int levels) {
        String found = anyText(tree, tree.member(value, MESSAGE), levels);
        if (found.isEmpty()) {
            found = anyText(tree, tree.member(value, MSG), levels);
        }
        if (found.isEmpty()) {
            found = anyText(tree, tree.member(value, DETAIL), levels);
        }
        return found.isEmpty() ? anyText(tree, tree.member(value, ERRORS), levels) : found;
    }

    /** A text, or the texts of a list or an object of errors, as FastAPI's servers and Cloudflare send. */
    private static String anyText(JsonTree tree, int value, int levels) {
        if (tree.isString(value)) {
            return text(tree, value);
        }
        if (levels == 0) {
            return "";
        }
        if (tree.isObject(value)) {
            return ofMembers(tree, value, levels - 1);
        }
        StringBuilder texts = new StringBuilder();
        for (int item = tree.isArray(value) ? tree.first(value) : NONE;
                item != NONE && texts.length() < ProviderError.MAX_MESSAGE_CHARS;
                item = tree.next(value, item)) {
            String text = anyText(tree, item, levels - 1);
            texts.append(texts.isEmpty() || text.isEmpty() ? "" : "; ").append(text);
        }
        return cut(texts.toString(), ProviderError.MAX_MESSAGE_CHARS);
    }

    private static String raw(JsonTree tree, int value) {
        boolean isEmpty = value == NONE || tree.isNull(value) || (tree.first(value) == NONE && !tree.isNumber(value));
        return isEmpty ? "" : cut(tree.text(), tree.start(value), tree.end(value));
    }

    private static String text(JsonTree tree, int string) {
        return cut(tree.string(string), ProviderError.MAX_MESSAGE_CHARS);
    }

    /** A code or a type: a word, or a number as a word; null for anything else. */
    private static @Nullable String word(JsonTree tree, int value) {
        return CompletionNames.isText(tree, value) || tree.isNumber(value)
                ? cut(tree.string(value), MAX_CODE_CHARS)
                : null;
    }

    private static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
        return text.substring(0, end) + "…";
    }

    // ------------------------------------------------------------------ anything else

    /** A body that is no JSON. A page of HTML says less than its status, and is not for a terminal. */
    static ErrorShape ofText(byte[] body, int from, int to) {
        int start = from;
        while (start < to && (body[start] & 0xFF) <= ' ') {
            start++;
        }
        int end = to;
        while (end > start && (body[end - 1] & 0xFF) <= ' ') {
            end--;
        }
        boolean isMarkup = start < end && body[start] == '<';
        return new ErrorShape(isMarkup ? "" : cut(body, start, end), null, null, null);
    }

    private static String cut(byte[] text, int from, int to) {
        int end = Math.min(to, from + ProviderError.MAX_BODY_BYTES);
        while (end < to && end > from && (text[end] & 0xC0) == 0x80) {
            // Not inside a character.
            end--;
        }
        return new String(text, from, end - from, UTF_8) + (end < to ? "…" : "");
    }
}
