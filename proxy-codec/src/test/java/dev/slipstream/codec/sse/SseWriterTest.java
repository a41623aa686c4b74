package dev.slipstream.codec.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseWriterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: a\n\n",
                "data: a\r\n\r\n",
                "data: a\r\n\r",
                "data: a\r\r",
                "data: {\"torn",
                "event: message_st",
                "data: a\n",
                "data: a\r",
                ": comm",
                "\u00EF\u00BB"
            })
    void anErrorIsAnEventOfItsOwnWhereverTheStreamStopped(String before) {
        EventLog log = new EventLog();
        byte[] bytes = before.getBytes(StandardCharsets.ISO_8859_1);
        log.scanner.feed(bytes, 0, bytes.length, log);
        ByteBuf out = Unpooled.buffer().writeBytes(bytes);
        ByteBuf json = Unpooled.copiedBuffer("{}", StandardCharsets.US_ASCII);
        try {
            SseWriter.errorEvent(out, !log.scanner.atBoundary(), json);
            assertEquals(2, json.readableBytes());
            SseWriter.ping(out);
            SseWriter.comment(out);
            SseWriter.done(out);
            List<SseOracle.Event> events = SseOracle.events(ByteBufUtil.getBytes(out));
            assertEquals(
                    List.of(
                            new SseOracle.Event("error", "{}"),
                            new SseOracle.Event("ping", "{\"type\":\"ping\"}"),
                            new SseOracle.Event("", "[DONE]")),
                    events.subList(events.size() - 3, events.size()));
        } finally {
            out.release();
            json.release();
        }
    }
}
