package dev.slipstream.codec.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A document and what {@link UsageEditor} makes of it, checked: all bytes but the digits of input-side figures are what
 * they were, no figure becomes 0, parts add up, subsets stay subsets, totals grow with the prompt.
 */
final class ScaledDocument {
    private static final String USAGE = "(message\\.|response\\.|x_groq\\.)?usage\\.";
    private static final Pattern INPUT_SIDE = Pattern.compile(USAGE
            + "((iterations\\[\\]\\.)?(input_tokens|cache_read_input_tokens|cache_creation_input_tokens|cache_creation\\.[^.]*)"
            + "|prompt_tokens|total_tokens|cached_tokens|prompt_cache_(hit|miss)_tokens"
            + "|(prompt|input)_tokens_details\\.[^.]*)"
            + "|input_tokens|context_management\\.(original_input_tokens|applied_edits\\[\\]\\.cleared_input_tokens)");
    private static final Pattern PLAIN = Pattern.compile("0|[1-9][0-9]{0,11}");
    private static final Pattern SCALED = Pattern.compile("0|[1-9][0-9]{0,18}");

    private final UsageEditor editor = new UsageEditor();
    private final JsonOutput out = new JsonOutput();
    private final JsonTree before = new JsonTree();
    private final JsonTree after = new JsonTree();
    /** Every number of the document by its path, and what it became. */
    private final Map<String, String[]> numbers = new TreeMap<>();

    private final Set<String> changed = new TreeSet<>();
    private boolean hasDuplicates;

    /** Edits {@code json}; a text that is no document is passed over. */
    void edit(byte[] json, TokenScale scale) {
        numbers.clear();
        changed.clear();
        hasDuplicates = false;
        before.reset();
        before.append(json, 0, json.length);
        if (before.parse() != JsonStatus.COMPLETE) {
            return;
        }
        out.reset(false);
        boolean edited = editor.edit(before, scale, out);
        byte[] text = edited ? Arrays.copyOf(out.bytes(), out.length()) : json;
        assertTrue(edited || out.length() == 0, "nothing is written where nothing is edited");
        after.reset();
        after.append(text, 0, text.length);
        assertEquals(JsonStatus.COMPLETE, after.parse());
        compare(JsonTree.ROOT, JsonTree.ROOT, "");
        assertArrayEquals(
                Arrays.copyOf(json, before.start(JsonTree.ROOT)), Arrays.copyOf(text, after.start(JsonTree.ROOT)));
        assertEquals(edited, !changed.isEmpty());
        if (!hasDuplicates && scale.isActive()) {
            for (String holder : List.of("", "message.", "response.", "x_groq.")) {
                assertSums(holder + "usage.", scale);
            }
        }
    }

    /** Paths of the figures that have changed. */
    Set<String> changed() {
        return changed;
    }

    /** What the figure at {@code path} became; -1 where it is none. */
    long after(String path) {
        return number(path, 1);
    }

    long before(String path) {
        return number(path, 0);
    }

    private long number(String path, int side) {
        String[] pair = numbers.get(path);
        // What was left alone may be anything.
        return pair == null || !PLAIN.matcher(pair[0]).matches() ? -1 : Long.parseLong(pair[side]);
    }

    /** Whether anything stands at {@code path}, whatever it is. */
    private boolean has(String path) {
        return numbers.keySet().stream()
                .anyMatch(each -> each.equals(path) || each.startsWith(path + ".") || each.startsWith(path + "[]"));
    }

    private static boolean isMember(String path, String object) {
        return path.startsWith(object) && path.indexOf('.', object.length()) < 0 && !path.endsWith("[]");
    }

    // ------------------------------------------------------------------ byte for byte

    private void compare(int left, int right, String path) {
        int nextLeft = before.first(left);
        int nextRight = after.first(right);
        if (nextLeft == JsonTree.NONE) {
            assertEquals(JsonTree.NONE, nextRight);
            scalar(text(before, left), text(after, right), path);
            return;
        }
        int fromLeft = before.start(left);
        int fromRight = after.start(right);
        Set<String> keys = new HashSet<>();
        while (nextLeft != JsonTree.NONE) {
            assertSame(fromLeft, before.start(nextLeft), fromRight, after.start(nextRight), path);
            String key = "[]";
            if (before.isObject(left)) {
                int quote = before.keyStart(nextLeft);
                key = new String(before.text(), quote + 1, before.keyEnd(nextLeft) - quote - 2, StandardCharsets.UTF_8);
                hasDuplicates |= !keys.add(key) || key.contains("\\");
                // What separates the parts of a path does not stand in one.
                key = key.replace('.', '\1').replace('[', '\2');
                key = path.isEmpty() ? key : "." + key;
            }
            compare(nextLeft, nextRight, path + key);
            fromLeft = before.end(nextLeft);
            fromRight = after.end(nextRight);
            nextLeft = before.next(left, nextLeft);
            nextRight = after.next(right, nextRight);
        }
        assertEquals(JsonTree.NONE, nextRight);
        assertSame(fromLeft, before.end(left), fromRight, after.end(right), path);
    }

    private void assertSame(int left, int leftEnd, int right, int rightEnd, String path) {
        assertTrue(Arrays.equals(before.text(), left, leftEnd, after.text(), right, rightEnd), "bytes in " + path);
    }

    private void scalar(String left, String right, String path) {
        numbers.put(path, new String[] {left, right});
        if (left.equals(right)) {
            return;
        }
        changed.add(path);
        assertTrue(
                hasDuplicates || path.contains("\\") || INPUT_SIDE.matcher(path).matches(), path);
        assertTrue(PLAIN.matcher(left).matches() && SCALED.matcher(right).matches(), () -> left + " → " + right);
        assertTrue(left.equals("0") == right.equals("0"), () -> path + ": " + left + " → " + right);
    }

    private static String text(JsonTree tree, int value) {
        int start = tree.start(value);
        return new String(tree.text(), start, tree.end(value) - start, StandardCharsets.UTF_8);
    }

    // ------------------------------------------------------------------ sums

    private void assertSums(String usage, TokenScale scale) {
        if (has(usage + "prompt_tokens")) {
            assertSubsets(usage, "prompt_tokens", "prompt_tokens_details.", scale);
        } else if (has(usage + "input_tokens_details") || has(usage + "total_tokens")) {
            assertSubsets(usage, "input_tokens", "input_tokens_details.", scale);
        } else {
            assertParts(usage, scale);
        }
    }

    private void assertSubsets(String usage, String prompt, String details, TokenScale scale) {
        long whole = before(usage + prompt);
        if (whole < 0) {
            return;
        }
        long scaled = after(usage + prompt);
        assertTrue(scaled >= scale.scaled(whole) && scaled <= Math.max(3, scale.scaled(whole)), usage + prompt);
        long total = before(usage + "total_tokens");
        if (total >= whole) {
            assertEquals(total - whole, after(usage + "total_tokens") - scaled, "what is not the prompt");
        }
        for (String path : numbers.keySet()) {
            boolean isSubset = isMember(path, usage + details)
                    || path.equals(usage + "cached_tokens")
                    || path.equals(usage + "prompt_cache_hit_tokens")
                    || path.equals(usage + "prompt_cache_miss_tokens");
            if (isSubset && before(path) <= whole) {
                assertTrue(after(path) <= scaled, path);
            }
        }
        long hit = before(usage + "prompt_cache_hit_tokens");
        long miss = before(usage + "prompt_cache_miss_tokens");
        boolean saysAnotherHit = numbers.containsKey(usage + details + "cached_tokens")
                && before(usage + details + "cached_tokens") != hit;
        boolean areParts = before(usage + details + "cache_write_tokens") <= miss;
        if (hit >= 0 && miss >= 0 && hit + miss == whole && !saysAnotherHit && areParts) {
            assertEquals(
                    scaled,
                    after(usage + "prompt_cache_hit_tokens") + after(usage + "prompt_cache_miss_tokens"),
                    "hit and miss");
        }
    }

    private void assertParts(String usage, TokenScale scale) {
        long sum = 0;
        long scaled = 0;
        int parts = 0;
        for (String part : List.of("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")) {
            sum += Math.max(0, before(usage + part));
            scaled += Math.max(0, after(usage + part));
        }
        long written = 0;
        long scaledWritten = 0;
        for (String path : numbers.keySet()) {
            parts += path.startsWith(usage) && before(path) > 0 ? 1 : 0;
            if (isMember(path, usage + "cache_creation.")) {
                written += Math.max(0, before(path));
                scaledWritten += Math.max(0, after(path));
            }
        }
        assertTrue(scaled >= scale.scaled(sum) && scaled <= Math.max(parts, scale.scaled(sum)), usage);
        if (written > 0 && written == before(usage + "cache_creation_input_tokens")) {
            assertEquals(after(usage + "cache_creation_input_tokens"), scaledWritten, "written for 5 m and for 1 h");
        }
    }
}
