package dev.slipstream.codec.translate;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonTree;

/** Refuses a request because of one of its values, and says where that stands the way the client's dialect does. */
final class Refusal {
    private static final int MAX_KEY_CHARS = 64;

    private Refusal() {}

    /** Refuses because of {@code value}, or where that is {@link JsonTree#NONE}, without a place. Gives back false. */
    static boolean of(TranslatedRequest request, Dialect client, JsonTree in, int value, String why) {
        if (value == JsonTree.NONE) {
            request.refuse(why, null);
            return false;
        }
        String place = place(in, value, client);
        request.refuse(place.isEmpty() ? why : place + ": " + why, place.isEmpty() ? null : place);
        return false;
    }

    /** Refuses because of the member {@code name} of {@code object}, which may be missing. Gives back false. */
    static boolean of(TranslatedRequest request, Dialect client, JsonTree in, int object, String name, String why) {
        String above = place(in, object, client);
        String place = above.isEmpty() ? name : above + "." + name;
        request.refuse(place + ": " + why, place);
        return false;
    }

    /** {@code messages[2].content} to a client of OpenAI's dialect, {@code messages.2.content} to one of Anthropic's. */
    private static String place(JsonTree in, int value, Dialect client) {
        StringBuilder place = new StringBuilder();
        int container = JsonTree.ROOT;
        while (container != value) {
            int index = 0;
            int child = in.first(container);
            int next = in.next(container, child);
            while (next != JsonTree.NONE && next <= value) {
                child = next;
                next = in.next(container, child);
                index++;
            }
            if (in.isArray(container)) {
                place.append(client == Dialect.OPENAI ? "[" + index + "]" : "." + index);
            } else {
                String key = in.string(in.keyStart(child) + 1, in.keyEnd(child) - 1);
                place.append(place.isEmpty() ? "" : ".").append(key, 0, Math.min(key.length(), MAX_KEY_CHARS));
            }
            container = child;
        }
        return place.toString();
    }
}
