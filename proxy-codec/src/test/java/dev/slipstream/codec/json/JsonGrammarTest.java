package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON and what is not, by the families of JSONTestSuite, each sample under every split. */
class JsonGrammarTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1",
                "-1",
                "10",
                "123456789012345678901234567890",
                "0.0",
                "-0.5",
                "1.5",
                "10.25e3",
                "1e5",
                "1E5",
                "1e+5",
                "1e-5",
                "0e0",
                "0E+0",
                "0e-00",
                "1.0e007",
                "1e999999999999999999999",
                "-1.5E-10",
                "123e45",
                "100000000000000000000000000000000000000e1",
                "0.00000000000000000000000000000000000000000001",
                "true",
                "false",
                "null",
                "\"\"",
                "\"a\"",
                "\"abcdefghijklmnopqrstuvwxyz\"",
                "[]",
                "{}",
                "[ ]",
                "{ }",
                "[\n]",
                "[[]]",
                "[{}]",
                "[[],[],{}]",
                "{\"a\":{}}",
                "{\"\":0}",
                "{\"a\":1,\"a\":2}",
                "[1,2,3]",
                "[1 , 2\t,\r\n3]",
                "[true,false,null]",
                "[\"\",\"\"]",
                "{\"a\":[{\"b\":[{}]}],\"c\":{}}",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                "\"\\u0000\"",
                "\"\\u00e9\\u00E9\"",
                "\"\\uD834\\uDd1e\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"\\uD800\\n\"",
                "\"\\\\u0000\"",
                "\"\\\\\\\"\"",
                "\"\u007f\"",
                "\"é€😀\"",
                "\"\u2028\u2029\"",
                "\"\uFEFF\"",
                "\"/* no comment */\"",
                "\"\\u0022\"",
                "\"\\u005C\"",
                "\"[{]}:,\"",
                "{\"a\\\"b\":1}",
                "{\"\\u0061\":\"\\u0061\"}",
                "[                                        1]",
                "\n\t\r \n                    1\r\n\r\n            \t\t\t\t\t\t\t\t\t\t\t "
            })
    void takesEveryValueOfTheGrammar(String value) {
        for (String body : new String[] {
            "{\"a\":" + value + "}",
            "{\"a\":{\"b\":" + value + "}}",
            "{\"a\":[" + value + "]}",
            "{\"a\":[0," + value + " , 1],\"b\":" + value + " }",
            "{\"model\":" + value + "}",
            "{\"stream\":" + value + ",\"model\":\"m\"}"
        }) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            assertNotNull(ReferenceJson.read(bytes), body);
            assertEquals(JsonStatus.COMPLETE, Scan.underAllSplits(bytes).status(), body);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "01",
                "-01",
                "00",
                "1.",
                ".5",
                "-.5",
                "1.e5",
                "1e",
                "1e+",
                "1E-",
                "1e5.5",
                "1e5e5",
                "1.2.3",
                "--1",
                "+-1",
                "1-",
                "1+",
                "1_000",
                "0x10",
                "0b1",
                "1f",
                "1L",
                "Infinity",
                "-Infinity",
                "NaN",
                "-NaN",
                "nan",
                "1 2",
                "1e 5",
                "- 1",
                "1. 5",
                "-a",
                "1a",
                "0.e1",
                "0e",
                "０",
                "1.0e+-1",
                "٣",
                "True",
                "TRUE",
                "tru",
                "truee",
                "true1",
                "t",
                "fals",
                "falsey",
                "f",
                "nul",
                "nulll",
                "NULL",
                "n",
                "trUe",
                "nill",
                "fAlse",
                "undefined",
                "true false",
                "tr ue",
                "\"",
                "\"a",
                "'a'",
                "\"a'",
                "`a`",
                "a",
                "\"\\\"",
                "\"\\",
                "\"\\x41\"",
                "\"\\a\"",
                "\"\\v\"",
                "\"\\0\"",
                "\"\\'\"",
                "\"\\\n\"",
                "\"\\U0041\"",
                "\"\\u\"",
                "\"\\u0\"",
                "\"\\u00\"",
                "\"\\u004\"",
                "\"\\u004g\"",
                "\"\\ug041\"",
                "\"\\u0g41\"",
                "\"\\u00g1\"",
                "\"\\u 041\"",
                "\"\\u+041\"",
                "\"\\uD834\\u\"",
                "\"\\é\"",
                "\"\n\"",
                "\"\t\"",
                "\"\r\"",
                "\"\u0000\"",
                "\"\u0001\"",
                "\"\u001f\"",
                "\"abcdefgh\u0010\"",
                "\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\u0000\"",
                "\"a\"b",
                "\"a\"\"b\"",
                "\"a\" \"b\"",
                "[",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[,]",
                "[1,,2]",
                "[1 2]",
                "[1;2]",
                "[1:2]",
                "[}",
                "[1}",
                "[\"a\"",
                "[[]",
                "[]]",
                "[\"a\":1]",
                "[a]",
                "[1,2",
                "[\u000b1]",
                "[\f1]",
                "[\u00a01]",
                "[\u20601]",
                "[1]2",
                "[*]",
                "{",
                "}",
                "{]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,}",
                "{\"a\"}",
                "{\"a\",1}",
                "{\"a\" 1}",
                "{\"a\"::1}",
                "{\"a\":1:2}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{null:1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1,,\"b\":2}",
                "{:1}",
                "{\"a\":}",
                "{\"a\":]",
                "{\"a\":1]",
                "{\"a\":1}}",
                "{[]:1}",
                "{\"a\":1;}",
                "{{}}",
                "{\"a\"\u0000:1}",
                "{\"a\":1/**/}",
                "/**/1",
                "1//",
                "#1",
                "{...}",
                "\uFEFF1",
                "\u00001",
                "1\u0000",
                ",",
                ":",
                "1,",
                "\\u0031",
                "\u007f"
            })
    void refusesWhatIsNoValue(String value) {
        for (String body : new String[] {
            "{\"a\":" + value + "}",
            "{\"a\":{\"b\":" + value + "}}",
            "{\"a\":[" + value + " ]x}",
            "{\"model\":" + value + "}",
            "{\"a\":" + value + ","
        }) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            assertNull(ReferenceJson.read(bytes), body);
            assertEquals(JsonStatus.INVALID, Scan.underAllSplits(bytes).status(), body);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "null",
                "true",
                "1",
                "\"a\"",
                "[]",
                "[{}]",
                "[{\"model\":\"m\"}]",
                "{}{}",
                "{} {}",
                "{},",
                "{}\n{\"a\":1}",
                "{}x",
                "{}]",
                "{}}",
                "{}\u0000",
                "{}//",
                "{}\"",
                "{}1",
                "\uFEFF{}",
                "\u0000{}",
                "\u000b{}",
                "x{}",
                "({})",
                "{",
                "{ ",
                "{\"",
                "{\"model\":\"m\"",
                "// a\n{}",
                "\u001e{}",
                "data: {}",
                "model=m",
                "<a/>"
            })
    void refusesWhatIsNotOneObjectAlone(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertNull(ReferenceJson.read(bytes));
        assertEquals(JsonStatus.INVALID, Scan.underAllSplits(bytes).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void refusesOtherEncodings(String charset) {
        byte[] body = "{\"model\":\"m\"}".getBytes(Charset.forName(charset));
        assertEquals(JsonStatus.INVALID, Scan.underAllSplits(body).status());
    }

    @Test
    void takesBlanksAroundTheDocument() {
        Scan scan = Scan.underAllSplits(" \r\n\t{\"model\":\"m\"} \r\n\t            ".getBytes(StandardCharsets.UTF_8));
        assertEquals(JsonStatus.COMPLETE, scan.status());
        assertEquals(13, scan.modelStart());
    }

    @Test
    void passesEveryByteFrom0x80OnInStringsAndNeverLetsOneSwallowTheQuote() {
        for (int b = 0x80; b <= 0xFF; b++) {
            for (int padding = 0; padding < 18; padding++) {
                String body = "{\"a\":\"" + "x".repeat(padding) + (char) b + "\",\"model\":\"" + (char) b + "\"}";
                byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
                Scan scan = Scan.of(bytes);
                assertEquals(JsonStatus.COMPLETE, scan.status(), body);
                assertEquals(bytes.length - 1, scan.modelEnd());
                byte[] outside =
                        ("{\"a\":1" + " ".repeat(padding) + (char) b + "}").getBytes(StandardCharsets.ISO_8859_1);
                assertEquals(JsonStatus.INVALID, Scan.of(outside).status());
                assertEquals(6 + padding, Scan.of(outside).position());
            }
        }
    }

    @Test
    void findsSpecialBytesAtEveryAlignment() {
        for (int padding = 0; padding <= 80; padding++) {
            String plain = "x".repeat(padding);
            for (String special : new String[] {"\\\"", "\\\\", "\\n", "\\u0041", "é", "", "\\\\\\\"\\n"}) {
                String body = "{\"a\":\"" + plain + special + plain + "\",\"b\":[" + " ".repeat(padding)
                        + "],\"model\":\"m\"}";
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                Scan scan = padding <= 20 ? Scan.underAllSplits(bytes) : Scan.of(bytes);
                assertEquals(JsonStatus.COMPLETE, scan.status(), body);
                assertEquals(bytes.length - 4, scan.modelStart(), body);
            }
            for (char control = 0; control < 0x20; control++) {
                byte[] bytes = ("{\"a\":\"" + plain + control + plain + "\"}").getBytes(StandardCharsets.UTF_8);
                assertEquals(JsonStatus.INVALID, Scan.of(bytes).status());
                assertEquals(6 + padding, Scan.of(bytes).position());
            }
        }
    }

    @Test
    void countsTheTopLevelAsDepthOne() {
        String deepest = "{\"a\":" + "[".repeat(99) + "]".repeat(99) + "}";
        assertEquals(JsonStatus.COMPLETE, Scan.of(deepest).status());
        Scan deeper = Scan.underAllSplits(
                ("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}").getBytes(StandardCharsets.UTF_8));
        assertEquals(JsonStatus.TOO_DEEP, deeper.status());
        assertEquals(5 + 99, deeper.position());
    }

    @Test
    void knowsObjectsFromArraysAtAnyDepth() {
        int depth = 300;
        StringBuilder open = new StringBuilder("{\"a\":");
        StringBuilder close = new StringBuilder("}");
        for (int i = 1; i < depth; i++) {
            boolean array = Integer.bitCount(i * 0x9E3779B1) % 2 == 0;
            open.append(array ? "[1," : "{\"b\":");
            close.insert(0, array ? ",0]" : ",\"c\":0}");
        }
        byte[] good = (open + "1" + close).getBytes(StandardCharsets.UTF_8);
        JsonFieldScanner scanner = new JsonFieldScanner(depth);
        assertEquals(
                JsonStatus.COMPLETE,
                Scan.of(scanner, Unpooled.wrappedBuffer(good)).status());
        for (int i = 0; i < good.length; i++) {
            if (good[i] == ']' || good[i] == '}') {
                byte[] bad = good.clone();
                bad[i] = (byte) (good[i] == ']' ? '}' : ']');
                Scan scan = Scan.of(scanner, Unpooled.wrappedBuffer(bad));
                assertEquals(JsonStatus.INVALID, scan.status());
                assertEquals(i, scan.position());
            }
        }
    }

    @Test
    void goesHundredThousandLevelsDeepWithoutRecursion() {
        int depth = 100_000;
        byte[] nested = ("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(StandardCharsets.UTF_8);
        assertEquals(JsonStatus.TOO_DEEP, Scan.of(nested).status());
        JsonFieldScanner deep = new JsonFieldScanner(depth + 1);
        assertEquals(
                JsonStatus.COMPLETE,
                Scan.of(deep, Unpooled.wrappedBuffer(nested)).status());
        byte[] unclosed = "{\"a\":".repeat(depth).getBytes(StandardCharsets.UTF_8);
        assertEquals(
                JsonStatus.INVALID,
                Scan.of(deep, Unpooled.wrappedBuffer(unclosed)).status());
    }

    @Test
    void passesHugeNumbersInLinearTime() {
        String digits = "9".repeat(20_000);
        for (String number : new String[] {digits, "-" + digits, "0." + digits, "1e" + digits, digits + "." + digits}) {
            byte[] body = ("{\"a\":" + number + ",\"model\":" + number + "}").getBytes(StandardCharsets.UTF_8);
            Scan whole = Scan.of(body);
            assertEquals(JsonStatus.COMPLETE, whole.status());
            assertEquals(body.length - 1, whole.modelEnd());
            for (int size : new int[] {1, 7, 1000, 8192, 16384}) {
                assertEquals(whole, Scan.of(new JsonFieldScanner(9), Scan.inPiecesOf(size, body)));
            }
        }
        byte[] large = ("{\"a\":" + digits.repeat(500) + "}").getBytes(StandardCharsets.UTF_8);
        long start = System.nanoTime();
        assertEquals(JsonStatus.COMPLETE, Scan.of(large).status());
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(taken.toSeconds() < 5, "10 MB of digits took " + taken);
    }

    @Test
    void saysWhyAndWhere() {
        Scan scan = Scan.of("{\"a\":1,}");
        assertEquals("A key in quotes was expected", scan.detail());
        assertEquals(7, scan.position());
        assertEquals("The body is empty", Scan.of("").detail());
        assertEquals("Bytes follow the JSON document", Scan.of("{} x").detail());
        assertEquals(
                "The body ends before its JSON document does",
                Scan.of("{\"a\":1").detail());
    }
}
