package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Events of a stream")
class TokenEventsTest {
    private static final String CHAT = """
            data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null}}]}

            : a comment

            data: {"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}

            data: {"choices":[{"index":0,"delta":{"content": "Hi"}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"name":"f","arguments":""}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":"{\\"content\\":\\"x\\"}"}}]}}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]

            """;
    private static final String MESSAGES = """
            event: message_start
            data: {"type":"message_start","message":{"content":[]}}

            event: content_block_start
            data: {"type":"content_block_start","content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{"}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    private final TokenEvents events = new TokenEvents();

    private int feed(String text) {
        ByteBuf in = Unpooled.copiedBuffer(text, UTF_8);
        return events.feed(in, in.readableBytes(), new byte[7]);
    }

    @Test
    @DisplayName("have content where a member with text is not empty, in both dialects and any split")
    void content() {
        for (String stream : new String[] {CHAT, MESSAGES}) {
            for (int at = 0; at <= stream.length(); at++) {
                events.reset();
                assertEquals(3, feed(stream.substring(0, at)) + feed(stream.substring(at)), "cut at " + at);
                assertTrue(events.isEnded());
                assertFalse(events.isFailed());
            }
        }
    }

    @Test
    @DisplayName("tell an error, and whether the last one is missing")
    void errors() {
        events.reset();
        feed("data: {\"error\":{\"message\":\"no\"}}\n\n");
        assertTrue(events.isFailed());
        events.reset();
        feed("event: error\ndata: {\"type\":\"error\"}\n\n");
        assertTrue(events.isFailed());
        assertFalse(events.isEnded());
        events.reset();
        feed("data: {\"choices\":[{\"delta\":{\"content\":\"[DONE]\"}}]}\n\n");
        assertFalse(events.isEnded());
        assertFalse(events.isFailed());
    }
}
