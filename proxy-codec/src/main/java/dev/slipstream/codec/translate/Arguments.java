package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;

/** The arguments of a tool call as OpenAI's dialect writes them: a string that holds JSON, or ought to. Reused. */
final class Arguments {
    private final JsonOutput text = new JsonOutput();
    private final JsonTree tree = new JsonTree();

    /** Whether {@code string} is a string that holds an object, which can be {@linkplain #write written} then. */
    boolean read(JsonTree in, int string) {
        if (!in.isString(string)) {
            return false;
        }
        text.reset(false);
        text.unescaped(in, string);
        tree.reset();
        tree.append(text.bytes(), 0, text.length());
        return tree.parse() == JsonStatus.COMPLETE && tree.isObject(JsonTree.ROOT);
    }

    /** Appends the object that was read. */
    void write(JsonOutput out) {
        out.raw(tree.text(), tree.start(JsonTree.ROOT), tree.end(JsonTree.ROOT));
    }
}
