package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a {@link JsonTree} back as the tokens that {@link JacksonTokens} reads, every link of it checked on the way. */
final class TreeReading {
    private TreeReading() {}

    static JsonStatus parse(JsonTree tree, byte[] text) {
        tree.reset();
        tree.append(text, 0, text.length);
        return tree.parse();
    }

    static JsonTree parsed(String text) {
        JsonTree tree = new JsonTree();
        assertEquals(JsonStatus.COMPLETE, parse(tree, text.getBytes(StandardCharsets.UTF_8)), text);
        return tree;
    }

    static List<String> tokens(JsonTree tree) {
        List<String> tokens = new ArrayList<>();
        int behind = value(tree, JsonTree.ROOT, tokens);
        assertEquals(behind, tree.behind(JsonTree.ROOT));
        return tokens;
    }

    /** Gives back the index behind the value. */
    private static int value(JsonTree tree, int value, List<String> tokens) {
        int kinds = (tree.isObject(value) ? 1 : 0)
                + (tree.isArray(value) ? 1 : 0)
                + (tree.isString(value) ? 1 : 0)
                + (tree.isNumber(value) ? 1 : 0)
                + (tree.isTrue(value) ? 1 : 0)
                + (tree.isFalse(value) ? 1 : 0)
                + (tree.isNull(value) ? 1 : 0);
        assertEquals(1, kinds);
        assertEquals(!tree.isNull(value), tree.isPresent(value));
        if (tree.isObject(value) || tree.isArray(value)) {
            return container(tree, value, tokens);
        }
        assertEquals(JsonTree.NONE, tree.first(value));
        assertEquals(0, tree.count(value));
        String text = tree.string(value);
        if (tree.isString(value)) {
            tokens.add("VALUE_STRING " + text);
            assertEquals(text.isEmpty(), tree.isEmptyString(value));
            // A lone surrogate has no UTF-8 to be compared with.
            if (text.equals(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))) {
                assertTrue(tree.textIs(value, text.getBytes(StandardCharsets.UTF_8)));
            }
            assertFalse(tree.textIs(value, (text + "x").getBytes(StandardCharsets.UTF_8)));
            assertEquals(text.chars().allMatch(c -> " \n\r\t".indexOf(c) >= 0), tree.isBlank(value), text);
        } else if (tree.isNumber(value)) {
            tokens.add((text.matches("-?[0-9]+") ? "VALUE_NUMBER_INT " : "VALUE_NUMBER_FLOAT ") + text);
        } else {
            tokens.add("VALUE_" + text.toUpperCase(Locale.ROOT) + ' ' + text);
        }
        return value + 1;
    }

    private static int container(JsonTree tree, int container, List<String> tokens) {
        boolean isObject = tree.isObject(container);
        tokens.add(isObject ? "START_OBJECT {" : "START_ARRAY [");
        int children = 0;
        int behind = container + 1;
        int last = tree.start(container);
        for (int child = tree.first(container); child != JsonTree.NONE; child = tree.next(container, child)) {
            children++;
            assertEquals(behind, child);
            assertTrue(tree.start(child) > last && tree.end(child) < tree.end(container));
            last = tree.end(child);
            if (isObject) {
                byte[] key = keyOf(tree, child);
                tokens.add("FIELD_NAME " + unescapedKey(tree, child));
                if (key.length > 0) {
                    assertTrue(tree.keyIs(child, key));
                }
            } else {
                assertEquals(JsonTree.NONE, tree.keyStart(child));
                assertFalse(tree.keyIs(child, new byte[0]));
            }
            behind = value(tree, child, tokens);
        }
        assertEquals(children, tree.count(container));
        tokens.add(isObject ? "END_OBJECT }" : "END_ARRAY ]");
        return behind;
    }

    /** The key's bytes as written. */
    private static byte[] keyOf(JsonTree tree, int member) {
        byte[] text = tree.text();
        assertEquals('"', text[tree.keyStart(member)]);
        assertEquals('"', text[tree.keyEnd(member) - 1]);
        String key = unescapedKey(tree, member);
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        return key.equals(new String(utf8, StandardCharsets.UTF_8)) ? utf8 : new byte[0];
    }

    /** A key unescaped, by a tree of its own. */
    private static String unescapedKey(JsonTree tree, int member) {
        JsonTree key = new JsonTree();
        key.append(tree.text(), tree.keyStart(member), tree.keyEnd(member));
        assertEquals(JsonStatus.COMPLETE, key.parse());
        return key.string(JsonTree.ROOT);
    }
}
