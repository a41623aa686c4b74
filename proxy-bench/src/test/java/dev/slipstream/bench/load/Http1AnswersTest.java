package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The generator's reader of HTTP/1.1 answers")
class Http1AnswersTest {
    /** Writes down what it is told. */
    private static final class Told implements Http1Answers.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void onHead(int status) {
            text.append(status).append(':');
        }

        @Override
        public void onBody(ByteBuf in, int length) {
            text.append(in.toString(in.readerIndex(), length, ISO_8859_1));
        }

        @Override
        public void onEnd() {
            text.append(';');
        }
    }

    private final Told told = new Told();
    private final Http1Answers answers = new Http1Answers(told);

    private boolean read(String bytes) {
        return answers.read(Unpooled.copiedBuffer(bytes, ISO_8859_1));
    }

    @Test
    @DisplayName("tells the same in any split")
    void splits() {
        String all = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
                + "HTTP/1.1 429 Slow\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0a\r\n0123456789\r\n0\r\nt: u\r\n\r\n"
                + "HTTP/1.1 204 None\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        for (int at = 0; at <= all.length(); at++) {
            Told here = new Told();
            Http1Answers reader = new Http1Answers(here);
            assertTrue(reader.read(Unpooled.copiedBuffer(all.substring(0, at), ISO_8859_1)));
            assertTrue(reader.read(Unpooled.copiedBuffer(all.substring(at), ISO_8859_1)));
            assertEquals("200:hello;429:abc0123456789;204:;200:;", here.text.toString(), "cut at " + at);
            assertTrue(reader.isKept());
        }
    }

    @Test
    @DisplayName("knows which connections are kept")
    void kept() {
        assertTrue(read("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"));
        assertFalse(answers.isKept());
        assertTrue(read("HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n"));
        assertFalse(answers.isKept());
        assertTrue(read("HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n"));
        assertTrue(answers.isKept());
    }

    @Test
    @DisplayName("takes the end of the connection for the end of an answer without a length, and of no other")
    void untilClose() {
        assertTrue(read("HTTP/1.1 200 OK\r\n\r\nabc"));
        assertTrue(answers.onClose());
        assertEquals("200:abc;", told.text.toString());
        assertTrue(read("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"));
        assertFalse(answers.onClose());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200 OK\r\n\r\n",
                "hello, this is no head\r\n\r\n",
                "HTTP/1.1 x00 OK\r\n\r\n",
                "HTTP/1.1 101 Switching\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: -4\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n123456789\r\n"
            })
    @DisplayName("refuses what is no HTTP, and reads no more")
    void broken(String bytes) {
        assertFalse(read(bytes));
        assertFalse(read("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
        assertFalse(told.text.toString().endsWith(";"));
    }

    @Test
    @DisplayName("refuses a head without an end")
    void endlessHead() {
        assertFalse(read("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(8000)));
    }
}
