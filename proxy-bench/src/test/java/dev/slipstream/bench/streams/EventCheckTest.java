package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.load.Http1Answers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The check of a stream")
class EventCheckTest {
    private static final int EVENTS = 3;
    private static final long FIRST_STAMP = 1_234_567_890_123_456_789L;

    private final List<Long> stamps = new ArrayList<>();

    /** What the provider writes, without the framing of its chunks. */
    private static byte[] stream(int... numbers) {
        ByteBuf framed = Unpooled.buffer();
        framed.writeBytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".getBytes(US_ASCII));
        for (int number : numbers) {
            StampedEvent.write(framed, FIRST_STAMP + number, number);
        }
        StampedEvent.writeEnd(framed);
        ByteBuf plain = Unpooled.buffer();
        boolean[] ended = new boolean[1];
        Http1Answers answers = new Http1Answers(new Http1Answers.Listener() {
            @Override
            public void onHead(int status) {
                assertEquals(200, status);
            }

            @Override
            public void onBody(ByteBuf in, int length) {
                plain.writeBytes(in, in.readerIndex(), length);
            }

            @Override
            public void onEnd() {
                ended[0] = true;
            }
        });
        assertTrue(answers.read(framed));
        assertTrue(ended[0]);
        byte[] bytes = new byte[plain.readableBytes()];
        plain.readBytes(bytes);
        return bytes;
    }

    private EventCheck check(int expected) {
        stamps.clear();
        return new EventCheck(expected, (number, stamp) -> stamps.add(stamp));
    }

    @Test
    @DisplayName("finds each event and its time, wherever the stream is cut")
    void whole() {
        byte[] stream = stream(0, 1, 2);
        assertEquals(EVENTS * StampedEvent.BYTES + StampedEvent.doneBytes(), stream.length);
        for (int cut = 0; cut <= stream.length; cut++) {
            EventCheck check = check(EVENTS);
            check.take(stream, 0, cut);
            assertEquals(cut == stream.length, check.isWhole(), "cut at " + cut);
            check.take(stream, cut, stream.length);
            assertTrue(check.isWhole(), "cut at " + cut);
            assertEquals(List.of(FIRST_STAMP, FIRST_STAMP + 1, FIRST_STAMP + 2), stamps);
        }
    }

    @Test
    @DisplayName("finds every byte that was changed to what is no digit, or elsewhere")
    void changed() {
        byte[] stream = stream(0, 1, 2);
        for (int i = 0; i < stream.length; i++) {
            byte[] wrong = stream.clone();
            wrong[i] ^= 0x40;
            EventCheck check = check(EVENTS);
            check.take(wrong, 0, wrong.length);
            assertTrue(check.isBroken(), "byte " + i);
            assertFalse(check.isWhole(), "byte " + i);
        }
    }

    @Test
    @DisplayName("finds an event that is missing, comes twice, or is one too many")
    void events() {
        assertFalse(whole(stream(0, 2)));
        assertFalse(whole(stream(0, 1)));
        assertFalse(whole(stream(0, 1, 1)));
        assertFalse(whole(stream(0, 1, 2, 3)));
        assertTrue(whole(stream(0, 1, 2)));
    }

    private boolean whole(byte[] stream) {
        EventCheck check = check(EVENTS);
        check.take(stream, 0, stream.length);
        return check.isWhole();
    }

    @Test
    @DisplayName("ends where it is told to")
    void endsHere() {
        byte[] stream = stream(0, 1);
        EventCheck check = check(Integer.MAX_VALUE);
        check.take(stream, 0, 2 * StampedEvent.BYTES);
        assertFalse(check.isWhole());
        check.endsHere();
        check.take(stream, 2 * StampedEvent.BYTES, stream.length);
        assertTrue(check.isWhole());
    }
}
