package dev.slipstream.codec.sse;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes the events that the proxy itself says. All methods borrow {@code out} and append to it. */
public final class SseWriter {
    private static final byte[] ERROR = ascii("event: error\ndata: ");
    private static final byte[] PING = ascii("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    private static final byte[] COMMENT = ascii(": keep-alive\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    private static final byte[] END = ascii("\n\n");

    private SseWriter() {}

    /**
     * Appends an {@code error} event. {@code midEvent}: the bytes before stop inside an event
     * ({@link SseScanner#atBoundary} is false), which is ended first, or the error would become a part of it; a client
     * will find that torn event unreadable, but it sees the error behind it.
     *
     * @param json the envelope, without line breaks; borrowed, its indices are left alone
     */
    public static void errorEvent(ByteBuf out, boolean midEvent, ByteBuf json) {
        if (midEvent) {
            // One to end the line, one blank.
            out.writeBytes(END);
        }
        out.writeBytes(ERROR);
        out.writeBytes(json, json.readerIndex(), json.readableBytes());
        out.writeBytes(END);
    }

    /** Appends Anthropic's sign of life. Only at a boundary, behind {@code message_start}. */
    public static void ping(ByteBuf out) {
        out.writeBytes(PING);
    }

    /** Appends a comment, the sign of life that every client of the OpenAI dialect skips. Only at a boundary. */
    public static void comment(ByteBuf out) {
        out.writeBytes(COMMENT);
    }

    /** Appends the end of a stream in the OpenAI dialect. Only at a boundary. */
    public static void done(ByteBuf out) {
        out.writeBytes(DONE);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
