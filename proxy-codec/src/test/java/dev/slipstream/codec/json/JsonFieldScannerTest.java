package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found at the top level, under every split and in every kind of buffer. */
class JsonFieldScannerTest {
    private static Scan scan(String body) {
        return Scan.underAllSplits(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String spanOf(String body, Scan scan) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        int start = (int) scan.modelStart();
        return new String(bytes, start, (int) scan.modelEnd() - start, StandardCharsets.UTF_8);
    }

    @Test
    void findsTheModelFirstAmidAndLast() {
        for (String body : new String[] {
            "{\"model\":\"gpt-4o\",\"messages\":[]}",
            "{\"messages\":[{\"model\":\"no\"}],\"model\" : \"gpt-4o\" ,\"stream\":true}",
            "{ \"é\" : {\"model\":[\"no\"]},\n  \"model\":\t\"gpt-4o\"\n}\n"
        }) {
            Scan scan = scan(body);
            assertEquals(JsonStatus.COMPLETE, scan.status());
            assertTrue(scan.modelSeen() && scan.modelIsString() && !scan.modelTooLong());
            assertEquals("gpt-4o", scan.model());
            assertEquals("\"gpt-4o\"", spanOf(body, scan));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"Model\":\"m\"}",
                "{\"MODEL\":\"m\"}",
                "{\"models\":\"m\"}",
                "{\"mode\":\"m\"}",
                "{\"model \":\"m\"}",
                "{\" model\":\"m\"}",
                "{\"a\":{\"model\":\"m\"}}",
                "{\"a\":[{\"model\":\"m\",\"stream\":true}]}",
                "{\"a\":\"model\",\"b\":\"stream\"}",
                "{\"\":\"model\"}",
                "{\"xmodel\":\"m\"}",
                "{\"model\\u0000\":\"m\"}",
                "{\"mo\\u0001del\":\"m\"}",
                "{\"modelmodelmodel\":1}",
                "{\"m\\u00f6del\":1}",
                "{\"mod\\u0165l\":1}",
                "{\"mod\\u6565l\":1}",
                "{\"a\":\"\\\"model\\\":\\\"m\\\"\"}",
                "{\"\\\\model\":1}",
                "{\"model\\n\":1}",
                "{\"streaming\":true,\"stream_options\":{\"stream\":true}}",
                "{\"m\u0430del\":1}"
            })
    void takesNoLookAlikeForTheModelOrTheStream(String body) {
        Scan scan = scan(body);
        assertEquals(JsonStatus.COMPLETE, scan.status());
        assertFalse(scan.modelSeen());
        assertFalse(scan.stream());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model", "mod\\u0065l", "\\u006dodel", "\\u006D\\u006F\\u0064\\u0065\\u006C", "mode\\u006c"})
    void knowsKeysHoweverSpelled(String key) {
        Scan scan = scan("{\"" + key + "\":\"m\"}");
        assertTrue(scan.modelSeen());
        assertEquals("m", scan.model());
        String twice = "{\"model\":1,\"" + key + "\":\"m\"}";
        Scan duplicate = scan(twice);
        assertEquals(JsonStatus.DUPLICATE_MODEL, duplicate.status());
        assertEquals(twice.indexOf("\":\"m\"") + 1, duplicate.position());
        assertTrue(scan("{\"str\\u0065am\":true}").stream());
    }

    @Test
    void tellsASecondModelAsSoonAsItsKeyIsComplete() {
        JsonFieldScanner scanner = new JsonFieldScanner(9);
        scanner.reset();
        assertEquals(JsonStatus.MORE, scanner.feed(utf8("{\"model\":\"a\",\"b\":[],\"model")));
        assertEquals(JsonStatus.DUPLICATE_MODEL, scanner.feed(utf8("\"")));
        assertEquals(JsonStatus.DUPLICATE_MODEL, scanner.finish());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gpt\\u002d4o|gpt-4o",
                "\\u0067\\u0070t|gpt",
                "\\/a\\/b|/a/b",
                "a\\\"b\\\\c|a\"b\\c",
                "caf\\u00e9|café",
                "\\u20AC5|€5",
                "\\uD83D\\uDE00|😀",
                "😀é|😀é",
                "\\ud83d|\uFFFD",
                "\\ud83dx|\uFFFDx",
                "\\ude00|\uFFFD",
                "\\ude00\\ud83d|\uFFFD\uFFFD",
                "\\ud83d\\ud83d\\ude00|\uFFFD😀",
                "\\ud83d\\u0041|\uFFFDA",
                "\\ud83d\\n|`\uFFFD\n`",
                "\\u007f\\u0080\\u07ff\\u0800\\uffff|\u007f\u0080\u07ff\u0800\uffff",
                "``|``",
                "\\u0000x|`\0x`"
            })
    void unescapesTheModel(String spelled, String name) {
        String body = "{\"a\":1,\"model\":\"" + spelled + "\",\"b\":2}";
        Scan scan = scan(body);
        assertEquals(JsonStatus.COMPLETE, scan.status());
        assertEquals(name, scan.model());
        assertEquals('"' + spelled + '"', spanOf(body, scan));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-1.5e3",
                "true",
                "false",
                "null",
                "[]",
                "{}",
                "[\"m\"]",
                "{\"model\":\"m\"}",
                "[[{}],{\"a\":[1]}]"
            })
    void marksAModelThatIsNoString(String value) {
        for (String blank : new String[] {"", " "}) {
            String body = "{\"model\":" + value + blank + ",\"stream\":true}";
            Scan scan = scan(body);
            assertEquals(JsonStatus.COMPLETE, scan.status());
            assertTrue(scan.modelSeen());
            assertFalse(scan.modelIsString());
            assertEquals(value, spanOf(body, scan));
            assertEquals("", scan.model());
            assertTrue(scan.stream());
        }
    }

    @Test
    void seesNoModelBeforeItsValueHasEnded() {
        JsonFieldScanner scanner = new JsonFieldScanner(9);
        scanner.reset();
        scanner.feed(utf8("{\"model\":\"gpt"));
        assertFalse(scanner.modelSeen());
        scanner.feed(utf8("\""));
        assertTrue(scanner.modelSeen());
        assertEquals(14, scanner.modelEnd());
        assertEquals(14, scanner.position());
    }

    @Test
    void cutsOffNamesThatAreTooLong() {
        int most = JsonFieldScanner.MAX_MODEL_BYTES;
        Scan fits = scan("{\"model\":\"" + "m".repeat(most) + "\"}");
        assertFalse(fits.modelTooLong());
        assertEquals(most, fits.model().length());
        Scan tooLong = scan("{\"model\":\"" + "m".repeat(most + 1) + "\"}");
        assertEquals(JsonStatus.COMPLETE, tooLong.status());
        assertTrue(tooLong.modelTooLong());
        assertEquals(fits.model(), tooLong.model());
        assertEquals(most + 1 + 2, tooLong.modelEnd() - tooLong.modelStart());
    }

    @Test
    void countsTheLastStream() {
        assertTrue(scan("{\"stream\":true}").stream());
        assertTrue(scan("{\"stream\":false,\"stream\": true }").stream());
        for (String value : new String[] {"false", "null", "\"true\"", "1", "[true]", "{\"stream\":true}"}) {
            assertFalse(scan("{\"stream\":true,\"stream\":" + value + ",\"a\":true}").stream(), value);
        }
    }

    @Test
    void findsAModelBehindMegabytesOfMessages() {
        StringBuilder text = new StringBuilder("{\"messages\":[");
        for (int i = 0; i < 4000; i++) {
            text.append(i == 0 ? "" : ",").append("{\"role\":\"user\",\"content\":\"");
            text.append("\\\"model\\\":\\\\ naïve 😀\\n".repeat(i % 97)).append("\"}");
        }
        text.append("],\"x\":\"").append("y\\\\".repeat(64 * 1024)).append("\",\"model\":\"last\"}");
        byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        assertTrue(body.length > 4 << 20);
        Scan whole = Scan.of(body);
        assertEquals(JsonStatus.COMPLETE, whole.status());
        assertEquals("last", whole.model());
        assertEquals(body.length - 7, whole.modelStart());
        for (int size : new int[] {1, 3, 997, 8191, 8192, 8193, 16384}) {
            assertEquals(whole, Scan.of(new JsonFieldScanner(9), Scan.inPiecesOf(size, body)), "pieces of " + size);
        }
    }

    @Test
    void readsEveryKindOfBufferAlike() {
        byte[] body = ("{\"messages\":\"" + "text \\n ".repeat(5000) + "\",\"model\":\"gpt\\u002d4o\",\"stream\":true}")
                .getBytes(StandardCharsets.UTF_8);
        Scan expected = Scan.of(body);
        assertEquals("gpt-4o", expected.model());
        CompositeByteBuf composite = PooledByteBufAllocator.DEFAULT.compositeBuffer(64);
        for (ByteBuf piece : Scan.inPiecesOf(1001, body)) {
            composite.addComponent(
                    true, PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(piece));
        }
        ByteBuf direct =
                PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(5).writeBytes(body);
        ByteBuf heap = PooledByteBufAllocator.DEFAULT
                .heapBuffer()
                .writeZero(5)
                .writeBytes(body)
                .writeZero(5);
        ByteBuf slice = heap.slice(5, body.length);
        direct.skipBytes(5);
        JsonFieldScanner scanner = new JsonFieldScanner(9);
        for (ByteBuf piece : new ByteBuf[] {
            composite,
            direct,
            slice,
            direct.duplicate(),
            slice.asReadOnly(),
            Unpooled.wrappedBuffer(body).asReadOnly()
        }) {
            assertEquals(expected, Scan.of(scanner, piece), piece.toString());
        }
        assertTrue(composite.release() && direct.release() && heap.release());
    }

    @Test
    void scansTheNextBodyAfterAResetAsIfItWereTheFirst() throws IllegalAccessException {
        JsonFieldScanner used = new JsonFieldScanner(100);
        used.reset();
        for (String body : new String[] {
            "{\"stream\":true,\"model\":\"\\uD83D",
            "{\"model\":[tr",
            "{\"a\":-1",
            "{\"a\":[[[[\"\\u00",
            "{} x",
            "[",
            "{\"k"
        }) {
            used.feed(utf8(body));
            used.finish();
            used.reset();
            JsonFieldScanner fresh = new JsonFieldScanner(100);
            fresh.reset();
            for (Field field : JsonFieldScanner.class.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !Modifier.isFinal(field.getModifiers())
                        && !field.getType().isArray()) {
                    field.setAccessible(true);
                    assertEquals(field.get(fresh), field.get(used), field.getName());
                }
            }
        }
        assertEquals(Scan.of("{\"a\":1}"), Scan.of(used, utf8("{\"a\":1}")));
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void needsNoResetForTheFirstBody() {
        JsonFieldScanner scanner = new JsonFieldScanner(1);
        assertEquals(JsonStatus.COMPLETE, scanner.feed(utf8("{}")));
        assertEquals(JsonStatus.COMPLETE, scanner.finish());
        assertEquals(2, scanner.position());
        assertEquals(0, scanner.modelLength());
    }
}
