package dev.slipstream.codec.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Pieces;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTreeTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 20_000);

    private final JsonTree tree = new JsonTree();

    private JsonStatus parse(String text) {
        return TreeReading.parse(tree, text.getBytes(UTF_8));
    }

    private static byte[] key(String key) {
        return key.getBytes(UTF_8);
    }

    // ------------------------------------------------------------------ grammar

    /** One tree for all, so that nothing of a document may be left over in the next. */
    @Test
    void agreesWithJacksonAndTheReferenceOnDocumentsWholeAndSpoiled() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        RandomJson json = new RandomJson(random);
        int legal = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = round % 3 == 0 ? json.document() : json.spoiled(json.document());
            String about = "-Dseed=" + seed + " " + new String(body, ISO_8859_1);
            JsonStatus status = TreeReading.parse(tree, body);
            boolean isObject = status == JsonStatus.COMPLETE && tree.isObject(JsonTree.ROOT);
            assertEquals(ReferenceJson.read(body) != null, isObject, about);
            String text = JacksonTokens.text(body);
            if (text != null) {
                List<String> expected = JacksonTokens.read(text);
                assertEquals(expected != null, isObject, about);
                if (expected != null) {
                    assertEquals(expected, TreeReading.tokens(tree), about);
                    legal++;
                }
            }
        }
        assertTrue(legal > ROUNDS / 3, legal + " legal");
    }

    @Test
    void anyValueMayBeTheRoot() {
        for (String text : List.of(
                "7", "-0.5e+1", "true", "false", "null", "\"\"", "\"a\\u0000\"", "[]", "{}", " [ ] ", "\t{ }\n")) {
            assertEquals(JsonStatus.COMPLETE, parse(text), text);
            TreeReading.tokens(tree);
        }
        for (String text : List.of(
                "",
                " ",
                "7 7",
                "+7",
                "01",
                "1.",
                ".5",
                "1e",
                "tru",
                "truee",
                "nul",
                "\"",
                "\"\\x\"",
                "\"\n\"",
                "\"\\u12g4\"",
                "[",
                "]",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{",
                "}",
                "{]",
                "[}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1,,\"b\":2}",
                "{1:2}",
                "[]]",
                "{}{}",
                "\0",
                "7\0",
                "{}\0",
                "\uFEFF{}",
                "NaN",
                "-",
                "--1",
                "1e999x",
                "[\"a\" : 1]",
                "'a'",
                "/**/1",
                "\"\\\"")) {
            assertEquals(JsonStatus.INVALID, parse(text), text);
        }
    }

    @Test
    void depthAndNumberOfValuesAreBounded() {
        int most = JsonTree.MAX_DEPTH;
        assertEquals(JsonStatus.COMPLETE, parse("[".repeat(most) + "]".repeat(most)));
        assertEquals(JsonStatus.TOO_DEEP, parse("[".repeat(most + 1) + "]".repeat(most + 1)));
        assertEquals(JsonStatus.COMPLETE, parse("{\"a\":".repeat(most - 1) + "{}" + "}".repeat(most - 1)));
        assertEquals(JsonStatus.TOO_DEEP, parse("{\"a\":".repeat(most) + "{}" + "}".repeat(most)));
        // Siblings are not deep.
        assertEquals(JsonStatus.COMPLETE, parse("[" + "[[]],".repeat(most) + "0]"));
        String values = "0,".repeat(JsonTree.MAX_VALUES - 2) + "0";
        assertEquals(JsonStatus.COMPLETE, parse("[" + values + "]"));
        assertEquals(JsonTree.MAX_VALUES - 1, tree.count(JsonTree.ROOT));
        assertEquals(JsonStatus.TOO_DEEP, parse("[" + values + ",0]"));
    }

    @Test
    void fewerValuesMayBeAllowed() {
        JsonTree few = new JsonTree(3);
        for (String text : List.of("[1,2]", "[1,2,3]")) {
            byte[] bytes = text.getBytes(UTF_8);
            few.reset();
            few.append(bytes, 0, bytes.length);
            assertEquals(text.equals("[1,2]") ? JsonStatus.COMPLETE : JsonStatus.TOO_DEEP, few.parse(), text);
        }
    }

    @Test
    void theTextMayComeInAnyPieces() {
        String text = "{\"a\":[1,\"é🚀\",{\"b\":null}],\"c\":\"" + "x".repeat(9000) + "\"}";
        byte[] bytes = text.getBytes(UTF_8);
        List<String> expected = TreeReading.tokens(TreeReading.parsed(text));
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            tree.reset();
            if (round % 2 == 0) {
                tree.reserve(bytes.length);
            }
            Pieces.shred(bytes, random, tree::append);
            assertEquals(bytes.length, tree.length());
            assertEquals(JsonStatus.COMPLETE, tree.parse());
            assertEquals(expected, TreeReading.tokens(tree));
        }
    }

    @Test
    void aResetLetsGoOfWhatWasLarge() {
        parse("[\"" + "x".repeat(1 << 20) + "\"]");
        assertTrue(tree.text().length > 1 << 20);
        tree.reset();
        assertTrue(tree.text().length < 8192);
        assertEquals(JsonStatus.INVALID, tree.parse());
    }

    // ------------------------------------------------------------------ members

    @Test
    void aMemberIsFoundHoweverItsKeyIsEscaped() {
        for (String written : List.of("é\\\"/\n🚀", "\u00e9\\\"/\n🚀")) {
            for (String escaped : List.of(
                    "é\\\\\\\"/\\n🚀",
                    "\\u00e9\\u005C\\u0022\\/\\u000a\\ud83d\\ude80",
                    "\\u00E9\\\\\\\"\\/\\n\\uD83D\\uDE80")) {
                assertEquals(JsonStatus.COMPLETE, parse("{\"x\":1,\"" + escaped + "\":2}"));
                assertEquals(2, tree.integer(tree.member(JsonTree.ROOT, key(written)), -1), escaped);
            }
        }
        parse("{\"\\u006dodel\":1,\"mode\\u006cs\":2,\"mode\":3}");
        assertEquals(1, tree.integer(tree.member(JsonTree.ROOT, key("model")), -1));
        assertEquals(2, tree.integer(tree.member(JsonTree.ROOT, key("models")), -1));
        assertEquals(3, tree.integer(tree.member(JsonTree.ROOT, key("mode")), -1));
        assertEquals(JsonTree.NONE, tree.member(JsonTree.ROOT, key("mod")));
        assertEquals(JsonTree.NONE, tree.member(JsonTree.ROOT, key("")));
    }

    @Test
    void ofSeveralMembersTheLastCounts() {
        parse("{\"a\":1,\"b\":{\"a\":5},\"\\u0061\":2,\"c\":{\"a\":6}}");
        assertEquals(2, tree.integer(tree.member(JsonTree.ROOT, key("a")), -1));
        assertEquals(4, tree.count(JsonTree.ROOT));
    }

    @Test
    void emptyKeysAndEmptyTextsAreSome() {
        parse("{\"\":\"\"}");
        int value = tree.member(JsonTree.ROOT, key(""));
        assertNotEquals(JsonTree.NONE, value);
        assertTrue(tree.isEmptyString(value) && tree.isBlank(value) && tree.textIs(value, key("")));
    }

    @Test
    void noValueMayBeAskedForAnything() {
        parse("{}");
        int none = tree.member(JsonTree.ROOT, key("a"));
        assertEquals(JsonTree.NONE, none);
        assertEquals(JsonTree.NONE, tree.member(none, key("a")));
        assertEquals(JsonTree.NONE, tree.first(none));
        assertEquals(0, tree.count(none));
        assertEquals("", tree.string(none));
        assertEquals(9, tree.integer(none, 9));
        assertEquals(9.0, tree.real(none, 9));
        assertFalse(tree.isObject(none) || tree.isArray(none) || tree.isString(none) || tree.isNumber(none));
        assertFalse(tree.isTrue(none) || tree.isFalse(none) || tree.isNull(none) || tree.isPresent(none));
        assertFalse(tree.textIs(none, key("")) || tree.isBlank(none) || tree.isEmptyString(none));
    }

    @Test
    void aMemberOfWhatIsNoObjectIsNone() {
        for (String text : List.of("[\"a\",1]", "\"a\"", "7", "null")) {
            parse(text);
            assertEquals(JsonTree.NONE, tree.member(JsonTree.ROOT, key("a")), text);
        }
    }

    @Test
    void blanksAreBlankHoweverTheyAreEscaped() {
        for (String blank : List.of("", " ", "\\n\\t\\r ", "\\u0020\\u000A\\u000d\\u0009")) {
            parse("\"" + blank + "\"");
            assertTrue(tree.isBlank(JsonTree.ROOT), blank);
        }
        for (String text :
                List.of("a", " a", "\\\\", "\\u0061", "\\f", "\\b", "\\\"", "\u00a0", "\\u00a0", " \\u0020x")) {
            parse("\"" + text + "\"");
            assertFalse(tree.isBlank(JsonTree.ROOT), text);
        }
        parse("7");
        assertFalse(tree.isBlank(JsonTree.ROOT));
    }

    @Test
    void aLoneSurrogateStaysOne() {
        parse("\"\\ud83d\"");
        assertEquals("\ud83d", tree.string(JsonTree.ROOT));
        parse("\"a\\ude80\\ud83d\\ude80\"");
        assertEquals("a\ude80🚀", tree.string(JsonTree.ROOT));
    }

    // ------------------------------------------------------------------ numbers

    private long integer(String text) {
        assertEquals(JsonStatus.COMPLETE, parse(text), text);
        return tree.integer(JsonTree.ROOT, -77);
    }

    @Test
    void wholeNumbersAreExactUpTo18Digits() {
        assertEquals(0, integer("0"));
        assertEquals(0, integer("-0"));
        assertEquals(-1, integer("-1"));
        assertEquals(999_999_999_999_999_999L, integer("999999999999999999"));
        assertEquals(-999_999_999_999_999_999L, integer("-999999999999999999"));
        for (String tooLarge : List.of(
                "1000000000000000000",
                "9223372036854775807",
                "9223372036854775808",
                "9999999999999999999",
                "-9999999999999999999",
                "-1000000000000000000",
                "1e18",
                "1e999",
                "-1e999",
                "123456789012345678901234567890")) {
            assertEquals(-77, integer(tooLarge), tooLarge);
        }
        assertEquals(12, integer("12.0"));
        assertEquals(1000, integer("1e3"));
        assertEquals(120, integer("1.2E+2"));
        assertEquals(9_007_199_254_740_992L, integer("9007199254740992.0"));
        for (String noWhole :
                List.of("0.5", "1e-1", "12.25", "\"7\"", "true", "null", "[]", "1" + ".0".repeat(1) + "0".repeat(80))) {
            assertEquals(-77, integer(noWhole), noWhole);
        }
    }

    @Test
    void numbersAreWhatTheyAre() {
        Random random = new Random(Long.getLong("seed", 5));
        for (int i = 0; i < 5000; i++) {
            BigDecimal number = BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(20) - 5);
            String text = random.nextBoolean() ? number.toPlainString() : number.toString();
            parse(text);
            assertEquals(number.doubleValue(), tree.real(JsonTree.ROOT, -1), text);
            if (text.matches("-?[0-9]{1,18}")) {
                assertEquals(number.longValueExact(), tree.integer(JsonTree.ROOT, -77), text);
            }
        }
        parse("1e999");
        assertEquals(-1.0, tree.real(JsonTree.ROOT, -1));
        parse("0." + "1".repeat(100));
        assertEquals(-1.0, tree.real(JsonTree.ROOT, -1));
    }
}
