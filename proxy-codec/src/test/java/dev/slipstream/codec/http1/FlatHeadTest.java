package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlatHeadTest {
    private static FlatHead read(boolean request, String text) {
        FlatHead head = new FlatHead();
        HeadParser parser =
                request ? HeadParser.ofRequests(1000, 100_000, 1000) : HeadParser.ofResponses(100_000, 1000);
        assertEquals(
                HeadResult.COMPLETE, parser.parse(Unpooled.wrappedBuffer(Reading.bytes(text)), head), parser::detail);
        return head;
    }

    private static String value(FlatHead head, int field) {
        return Reading.text(head.array(), head.valueStart(field), head.valueEnd(field));
    }

    @Test
    void everyKnownNameIsKnownInAnyCaseAndNothingElseIs() {
        for (HeaderName name : HeaderName.values()) {
            if (name == HeaderName.OTHER || name == HeaderName.HOST) {
                continue;
            }
            String value = name == HeaderName.TRANSFER_ENCODING ? "chunked" : "1";
            String upper = name.text().toUpperCase(Locale.ROOT);
            FlatHead head = read(true, HeadSamples.get(upper + ": " + value));
            assertEquals(name, head.name(1));
            assertEquals(1, head.find(name));
            assertEquals(-1, head.findNext(name, 1));
            assertEquals(name.text(), Reading.text(head.array(), head.nameStart(1), head.nameEnd(1)));
            // Same ends, same middle, same length where it has room for another letter: the table alone is not enough.
            String other = name.text().charAt(0) + "~" + name.text().substring(2);
            if (name.text().length() > 4) {
                head = read(true, HeadSamples.get(other + ": 1"));
                assertEquals(HeaderName.OTHER, head.name(1));
                assertEquals(-1, head.find(name));
            }
        }
    }

    @Test
    void repeatedFieldsAreFoundInTheirOrder() {
        FlatHead head = read(true, HeadSamples.get("Accept: a", "X: y", "ACCEPT: b", "Te: z"));
        int first = head.find(HeaderName.ACCEPT);
        int second = head.findNext(HeaderName.ACCEPT, first);
        assertEquals("a", value(head, first));
        assertEquals("b", value(head, second));
        assertEquals(-1, head.findNext(HeaderName.ACCEPT, second));
        assertEquals(2, head.find(HeaderName.OTHER));
        assertEquals(-1, head.find(HeaderName.DATE));
    }

    @Test
    void aFieldIsNominatedByWhateverConnectionFieldNamesIt() {
        FlatHead head = read(
                true,
                HeadSamples.get(
                        "Connection: ,X-One ,\t x-TWO", "X-One: 1", "x-two: 2", "x-t: 3", "Te: 4", "Connection: tE"));
        assertFalse(head.isNominatedByConnection(0));
        assertTrue(head.isNominatedByConnection(2));
        assertTrue(head.isNominatedByConnection(3));
        assertFalse(head.isNominatedByConnection(4));
        assertTrue(head.isNominatedByConnection(5));
    }

    @ParameterizedTest
    @CsvSource({
        "1,'',true",
        "1,close,false",
        "1,'x, CLOSE',false",
        "1,closed,true",
        "0,'',false",
        "0,keep-alive,true",
        "0,'Keep-Alive, close',false"
    })
    void aRequestKeepsTheConnectionAsItsVersionAndItsFieldSay(int minor, String connection, boolean expected) {
        FlatHead head = read(true, "GET / HTTP/1." + minor + "\r\nHost: h\r\nConnection: " + connection + "\r\n\r\n");
        assertEquals(expected, head.keepAlive());
    }

    @ParameterizedTest
    @CsvSource({
        "200,Content-Length: 3,LENGTH,true",
        "200,Content-Length: 0,LENGTH,true",
        "200,Transfer-Encoding: chunked,CHUNKED,true",
        "200,X: y,UNTIL_CLOSE,false",
        "404,X: y,UNTIL_CLOSE,false",
        "204,X: y,NONE,true",
        "204,Content-Length: 0,NONE,true",
        "204,Content-Length: 3,NONE,false",
        "204,Transfer-Encoding: chunked,NONE,false",
        "103,X: y,NONE,true",
        "304,Content-Length: 3,NONE,true",
        "304,X: y,NONE,true"
    })
    void aResponseIsFramedByItsStatusAndItsFields(int status, String line, BodyFraming framing, boolean keepAlive) {
        FlatHead head = read(false, "HTTP/1.1 " + status + " x\r\n" + line + "\r\n\r\n");
        assertEquals(framing, head.responseFraming(false));
        assertEquals(BodyFraming.NONE, head.responseFraming(true));
        assertEquals(keepAlive, head.keepAlive());
    }

    @Test
    void aHeadThatOutgrowsItsArraysIsReadWholeAndGivesThemBack() {
        String[] lines = new String[300];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "Name-" + i + ": " + "v".repeat(i);
        }
        FlatHead head = read(true, HeadSamples.get(lines));
        for (int i = 0; i < lines.length; i++) {
            assertEquals("v".repeat(i), value(head, i + 1));
        }
        assertTrue(head.array().length > 40_000);
        head.reset();
        assertEquals(new FlatHead().array().length, head.array().length);
    }

    @Test
    void aResetForgetsEverything() throws ReflectiveOperationException {
        FlatHead fresh = new FlatHead();
        FlatHead request = read(true, HeadSamples.CHAT.replace("1.1\r\n", "1.0\r\n"));
        FlatHead response = read(false, HeadSamples.ANSWER);
        request.reset();
        response.reset();
        for (Field field : FlatHead.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.getType().isArray()) {
                continue;
            }
            field.setAccessible(true);
            assertEquals(field.get(fresh), field.get(request), field.getName());
            assertEquals(field.get(fresh), field.get(response), field.getName());
        }
    }
}
