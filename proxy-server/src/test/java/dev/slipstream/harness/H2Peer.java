package dev.slipstream.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A provider that speaks HTTP/2 by hand: what it sends is put together byte by byte, so that it may be wrong; what it
 * got is taken apart into frames. Streams are called 1, 3, 5 here, as they come; on the wire the first is 3, for 1 is
 * kept for an upgrade from HTTP/1.1.
 */
public final class H2Peer {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int FRAME_HEAD = 9;
    private static final int FIRST_STREAM_LESS_ONE = 2;

    /** A frame that came. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Frame(int type, int flags, int stream, byte[] payload) {
        public boolean ends() {
            return (flags & END_STREAM) != 0;
        }

        /** The number that RST_STREAM, WINDOW_UPDATE and the like carry. */
        public int number() {
            return ByteBuffer.wrap(payload).getInt();
        }
    }

    private final EmbeddedPeer peer;
    private final DefaultHttp2HeadersDecoder headersDecoder = new DefaultHttp2HeadersDecoder(false);
    private final List<Frame> frames = new ArrayList<>();
    private byte[] unread = new byte[0];
    private boolean prefaceSeen;

    public H2Peer(EmbeddedPeer peer) {
        this.peer = peer;
    }

    public EmbeddedPeer peer() {
        return peer;
    }

    // ------------------------------------------------------------------ sending

    /** Our settings, and the acknowledgement of theirs. */
    public H2Peer greet(int... idsAndValues) {
        return send(settings(idsAndValues), frame(SETTINGS, ACK, 0, new byte[0]));
    }

    /** Sends frames as one read. */
    public H2Peer send(byte[]... some) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : some) {
            all.writeBytes(each);
        }
        peer.send(all.toByteArray());
        return this;
    }

    private static int onWire(int stream) {
        return stream == 0 ? 0 : stream + FIRST_STREAM_LESS_ONE;
    }

    public static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(FRAME_HEAD + payload.length);
        out.put((byte) (payload.length >> 16)).put((byte) (payload.length >> 8)).put((byte) payload.length);
        out.put((byte) type).put((byte) flags).putInt(onWire(stream)).put(payload);
        return out.array();
    }

    public static byte[] settings(int... idsAndValues) {
        ByteBuffer out = ByteBuffer.allocate(idsAndValues.length * 3);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            out.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, out.array());
    }

    /** HEADERS with each field as a literal that is not indexed; names and values in turn. */
    public static byte[] headers(int stream, boolean end, String... fields) {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
    }

    public static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            out.write(0);
            text(out, fields[i]);
            text(out, fields[i + 1]);
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                out.write(rest % 128 + 128);
                rest /= 128;
            }
            out.write(rest);
        }
        out.writeBytes(text.getBytes(ISO_8859_1));
    }

    public static byte[] data(int stream, boolean end, String text) {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(ISO_8859_1));
    }

    public static byte[] reset(int stream, int code) {
        return frame(RST_STREAM, 0, stream, number(code));
    }

    public static byte[] goAway(int lastStream, int code) {
        return frame(
                GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8).putInt(onWire(lastStream)).putInt(code).array());
    }

    public static byte[] windowUpdate(int stream, int increment) {
        return frame(WINDOW_UPDATE, 0, stream, number(increment));
    }

    public static byte[] pingAck(byte[] payload) {
        return frame(PING, ACK, 0, payload);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** A whole answer. */
    public static byte[] ok(int stream, String body) {
        byte[] head = headers(
                stream,
                false,
                ":status",
                "200",
                "content-type",
                "application/json",
                "content-length",
                "" + body.length());
        byte[] data = data(stream, true, body);
        byte[] both = Arrays.copyOf(head, head.length + data.length);
        System.arraycopy(data, 0, both, head.length, data.length);
        return both;
    }

    // ------------------------------------------------------------------ what came

    /** The frames that came since the last call. */
    public List<Frame> take() {
        byte[] more = peer.received().getBytes(ISO_8859_1);
        byte[] all = Arrays.copyOf(unread, unread.length + more.length);
        System.arraycopy(more, 0, all, unread.length, more.length);
        int at = 0;
        if (!prefaceSeen && all.length >= PREFACE.length()) {
            String preface = new String(all, 0, PREFACE.length(), ISO_8859_1);
            if (!preface.equals(PREFACE)) {
                throw new AssertionError("no preface: " + preface);
            }
            prefaceSeen = true;
            at = PREFACE.length();
        }
        List<Frame> came = new ArrayList<>();
        while (prefaceSeen && all.length - at >= FRAME_HEAD) {
            int length = (all[at] & 0xFF) << 16 | (all[at + 1] & 0xFF) << 8 | (all[at + 2] & 0xFF);
            if (all.length - at < FRAME_HEAD + length) {
                break;
            }
            int wire = ByteBuffer.wrap(all, at + 5, 4).getInt();
            int stream = wire == 0 ? 0 : wire - FIRST_STREAM_LESS_ONE;
            byte[] payload = Arrays.copyOfRange(all, at + FRAME_HEAD, at + FRAME_HEAD + length);
            came.add(new Frame(all[at + 3], all[at + 4], stream, payload));
            at += FRAME_HEAD + length;
        }
        unread = Arrays.copyOfRange(all, at, all.length);
        frames.addAll(came);
        return came;
    }

    /** Of all that ever came, the frames of {@code type} on {@code stream}. */
    public List<Frame> all(int type, int stream) {
        take();
        return frames.stream()
                .filter(frame -> frame.type() == type && frame.stream() == stream)
                .toList();
    }

    /** The data that came on {@code stream}. */
    public String body(int stream) {
        StringBuilder text = new StringBuilder();
        all(DATA, stream).forEach(frame -> text.append(new String(frame.payload(), ISO_8859_1)));
        return text.toString();
    }

    /** Whether our request on {@code stream} is complete. */
    public boolean requestEnded(int stream) {
        return all(DATA, stream).stream().anyMatch(Frame::ends);
    }

    /** The fields of {@code headers}; must be asked of every HEADERS frame in order, for they share a table. */
    public Map<String, String> fields(Frame headers) {
        ByteBuf block = Unpooled.wrappedBuffer(headers.payload());
        try {
            Http2Headers decoded = headersDecoder.decodeHeaders(headers.stream(), block);
            Map<String, String> fields = new LinkedHashMap<>();
            decoded.forEach(field -> {
                if (fields.put(field.getKey().toString(), field.getValue().toString()) != null) {
                    throw new AssertionError("twice in one head: " + field.getKey());
                }
            });
            return fields;
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        } finally {
            block.release();
        }
    }
}
