package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/** JSON schemas, of a tool's input and of an answer, as the other side takes them. */
final class Schemas {
    private static final byte[] EMPTY = ascii("{\"type\":\"object\",\"properties\":{}}");
    private static final byte[] OBJECT_TYPE = ascii("{\"type\":\"object\"");
    private static final byte[] NO_MORE = ascii("\"additionalProperties\":false");
    private static final byte[] HINT =
            ascii("Answer with one JSON object and nothing else. It must match this JSON schema: ");
    /** What holds values and no schemas. */
    private static final byte[][] VALUES = {ascii("const"), ascii("enum"), ascii("default"), ascii("examples")};
    /** What holds schemas by names that anybody may choose. */
    private static final byte[][] NAMED = {
        Keys.PROPERTIES, ascii("$defs"), ascii("definitions"), ascii("patternProperties")
    };

    private Schemas() {}

    /** Appends the schema of a tool's input, which must be of an object, and must say so. */
    static void input(JsonOutput out, JsonTree in, int schema) {
        if (!in.isObject(schema) || in.first(schema) == NONE) {
            out.raw(EMPTY);
        } else if (in.textIs(in.member(schema, Keys.TYPE), Keys.OBJECT)) {
            out.value(in, schema);
        } else {
            out.raw(OBJECT_TYPE);
            for (int member = in.first(schema); member != NONE; member = in.next(schema, member)) {
                if (!in.keyIs(member, Keys.TYPE)) {
                    out.raw(',').range(in, in.keyStart(member), in.end(member));
                }
            }
            out.raw('}');
        }
    }

    /** Appends words that ask for an answer by {@code schema}, to stand inside a JSON string. */
    static void hint(JsonOutput out, JsonTree in, int schema) {
        out.raw(HINT).embedded(in, schema);
    }

    // ------------------------------------------------------------------ of answers

    /** Appends the schema of an answer for Anthropic, which wants every object closed against further members. */
    static void closed(JsonOutput out, JsonTree in, int schema) {
        closed(out, in, schema, false);
    }

    private static void closed(JsonOutput out, JsonTree in, int value, boolean isNamed) {
        if (in.isArray(value)) {
            out.raw('[');
            for (int element = in.first(value); element != NONE; element = in.next(value, element)) {
                closed(out.comma(), in, element, false);
            }
            out.raw(']');
            return;
        }
        if (!in.isObject(value)) {
            out.value(in, value);
            return;
        }
        boolean isObject = !isNamed && in.textIs(in.member(value, Keys.TYPE), Keys.OBJECT);
        out.raw('{');
        for (int member = in.first(value); member != NONE; member = in.next(value, member)) {
            if (isObject && in.keyIs(member, Keys.ADDITIONAL_PROPERTIES)) {
                continue;
            }
            out.comma().raw(in.text(), in.keyStart(member), in.keyEnd(member)).raw(':');
            if (!isNamed && isOneOf(in, member, VALUES)) {
                out.value(in, member);
            } else {
                closed(out, in, member, !isNamed && isOneOf(in, member, NAMED));
            }
        }
        if (isObject) {
            out.comma().raw(NO_MORE);
        }
        out.raw('}');
    }

    /** Whether OpenAI takes {@code schema} as strict: each object is closed, and requires all that it has. */
    static boolean isStrict(JsonTree in, int schema) {
        return isStrict(in, schema, false);
    }

    private static boolean isStrict(JsonTree in, int value, boolean isNamed) {
        if (in.isObject(value)
                && !isNamed
                && in.textIs(in.member(value, Keys.TYPE), Keys.OBJECT)
                && !(in.isFalse(in.member(value, Keys.ADDITIONAL_PROPERTIES)) && requiresAll(in, value))) {
            return false;
        }
        for (int child = in.first(value); child != NONE; child = in.next(value, child)) {
            boolean isMember = in.isObject(value);
            if (isMember && !isNamed && isOneOf(in, child, VALUES)) {
                continue;
            }
            if (!isStrict(in, child, isMember && !isNamed && isOneOf(in, child, NAMED))) {
                return false;
            }
        }
        return true;
    }

    /** By count: a name that is required and no property is nobody's mistake to make. */
    private static boolean requiresAll(JsonTree in, int object) {
        return in.count(in.member(object, Keys.REQUIRED)) >= in.count(in.member(object, Keys.PROPERTIES));
    }

    private static boolean isOneOf(JsonTree in, int member, byte[][] keys) {
        for (byte[] key : keys) {
            if (in.keyIs(member, key)) {
                return true;
            }
        }
        return false;
    }
}
