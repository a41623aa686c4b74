package dev.slipstream.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The other end of a provider connection of {@link WarmUpEngine}: whatever is asked, the same answer. */
final class WarmUpProvider {
    private static final int EVENTS = 8;
    private static final String WHOLE = "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello, hallo, salut.\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":25,\"completion_tokens\":8,\"total_tokens\":33}}";
    private static final String EVENT =
            "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"content\":\"Hello\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static final int FRAME_DATA = 0;
    private static final int FRAME_HEADERS = 1;
    private static final int FRAME_SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int FIRST_STREAM = 3;

    private final EmbeddedChannel channel;
    private final boolean http2;
    private boolean greeted;
    private int nextStream = FIRST_STREAM;

    private WarmUpProvider(EmbeddedChannel channel, boolean http2) {
        this.channel = channel;
        this.http2 = http2;
    }

    static WarmUpProvider http1(EmbeddedChannel channel) {
        return new WarmUpProvider(channel, false);
    }

    static WarmUpProvider http2(EmbeddedChannel channel) {
        return new WarmUpProvider(channel, true);
    }

    EmbeddedChannel channel() {
        return channel;
    }

    /** Takes what was sent; gives back whether there was anything. */
    boolean takeRequest() {
        return WarmUpEngine.drop(channel) > 0;
    }

    /** The next answer, read by read. */
    List<byte[]> answer(boolean stream) {
        return http2 ? frames(stream) : text(stream);
    }

    private static List<byte[]> text(boolean stream) {
        List<byte[]> parts = new ArrayList<>();
        if (!stream) {
            parts.add(ascii("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: up_1\r\n"
                    + "x-ratelimit-remaining-requests: 99\r\nserver: warm-up\r\ncontent-length: " + WHOLE.length()
                    + "\r\n\r\n" + WHOLE));
            return parts;
        }
        parts.add(ascii("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
                + "transfer-encoding: chunked\r\n\r\n"));
        for (int i = 0; i < EVENTS; i++) {
            parts.add(ascii(chunk(EVENT)));
        }
        parts.add(ascii(chunk(DONE) + "0\r\n\r\n"));
        return parts;
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private List<byte[]> frames(boolean stream) {
        List<byte[]> parts = new ArrayList<>();
        if (!greeted) {
            greeted = true;
            parts.add(frame(FRAME_SETTINGS, 0, 0, new byte[0]));
            parts.add(frame(FRAME_SETTINGS, ACK, 0, new byte[0]));
        }
        int id = nextStream;
        nextStream += 2;
        String type = stream ? "text/event-stream" : "application/json";
        parts.add(frame(FRAME_HEADERS, END_HEADERS, id, fields(":status", "200", "content-type", type)));
        for (int i = 0; stream && i < EVENTS; i++) {
            parts.add(frame(FRAME_DATA, 0, id, ascii(EVENT)));
        }
        parts.add(frame(FRAME_DATA, END_STREAM, id, ascii(stream ? DONE : WHOLE)));
        return parts;
    }

    /** Literals without a table (RFC 7541 §6.2.2); none is longer than 126 bytes. */
    private static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            out.write(namesAndValues[i].length());
            out.writeBytes(ascii(namesAndValues[i]));
            out.write(namesAndValues[i + 1].length());
            out.writeBytes(ascii(namesAndValues[i + 1]));
        }
        return out.toByteArray();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(9 + payload.length);
        out.put((byte) (payload.length >> 16)).put((byte) (payload.length >> 8)).put((byte) payload.length);
        return out.put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
