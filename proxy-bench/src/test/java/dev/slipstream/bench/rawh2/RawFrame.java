package dev.slipstream.bench.rawh2;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * A frame as it is on the wire (RFC 9113 §4.1), valid or not.
 *
 * @param type 8 bits; the constants here, or any other
 * @param flags 8 bits
 * @param streamId 32 bits: the reserved one too, as the sign
 * @param payload not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and copied by nobody
public record RawFrame(int type, int flags, int streamId, byte[] payload) {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int ACK = 0x1;
    public static final int END_STREAM = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int PRIORITY_FLAG = 0x20;

    public static final int HEADER_TABLE_SIZE = 1;
    public static final int ENABLE_PUSH = 2;
    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int MAX_FRAME_SIZE = 5;
    public static final int MAX_HEADER_LIST_SIZE = 6;

    public static final int NO_ERROR = 0;
    public static final int PROTOCOL_ERROR = 1;
    public static final int INTERNAL_ERROR = 2;
    public static final int FLOW_CONTROL_ERROR = 3;
    public static final int SETTINGS_TIMEOUT = 4;
    public static final int STREAM_CLOSED = 5;
    public static final int FRAME_SIZE_ERROR = 6;
    public static final int REFUSED_STREAM = 7;
    public static final int CANCEL = 8;
    public static final int COMPRESSION_ERROR = 9;
    public static final int CONNECT_ERROR = 10;
    public static final int ENHANCE_YOUR_CALM = 11;
    public static final int INADEQUATE_SECURITY = 12;
    public static final int HTTP_1_1_REQUIRED = 13;

    static final int HEADER_BYTES = 9;
    private static final String[] NAMES = {
        "DATA",
        "HEADERS",
        "PRIORITY",
        "RST_STREAM",
        "SETTINGS",
        "PUSH_PROMISE",
        "PING",
        "GOAWAY",
        "WINDOW_UPDATE",
        "CONTINUATION"
    };

    /** @param idsAndValues an id, its value, the next id, … */
    public static RawFrame settings(int... idsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length * 3);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        return new RawFrame(SETTINGS, 0, 0, payload.array());
    }

    public static RawFrame settingsAck() {
        return new RawFrame(SETTINGS, ACK, 0, new byte[0]);
    }

    /** With END_HEADERS. */
    public static RawFrame headers(int streamId, boolean endStream, byte[] block) {
        return new RawFrame(HEADERS, END_HEADERS | (endStream ? END_STREAM : 0), streamId, block);
    }

    /** Without END_HEADERS: a continuation has to follow. */
    public static RawFrame openHeaders(int streamId, boolean endStream, byte[] block) {
        return new RawFrame(HEADERS, endStream ? END_STREAM : 0, streamId, block);
    }

    public static RawFrame continuation(int streamId, boolean endHeaders, byte[] block) {
        return new RawFrame(CONTINUATION, endHeaders ? END_HEADERS : 0, streamId, block);
    }

    public static RawFrame data(int streamId, boolean endStream, byte[] bytes) {
        return new RawFrame(DATA, endStream ? END_STREAM : 0, streamId, bytes);
    }

    public static RawFrame data(int streamId, boolean endStream, String text) {
        return data(streamId, endStream, text.getBytes(UTF_8));
    }

    public static RawFrame rst(int streamId, int code) {
        return new RawFrame(RST_STREAM, 0, streamId, ints(code));
    }

    public static RawFrame goAway(int lastStreamId, int code, String debug) {
        byte[] text = debug.getBytes(UTF_8);
        byte[] payload = Arrays.copyOf(ints(lastStreamId, code), 8 + text.length);
        System.arraycopy(text, 0, payload, 8, text.length);
        return new RawFrame(GOAWAY, 0, 0, payload);
    }

    public static RawFrame ping(long opaque) {
        return new RawFrame(PING, 0, 0, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    public static RawFrame pingAck(RawFrame ping) {
        return new RawFrame(PING, ACK, 0, ping.payload);
    }

    public static RawFrame windowUpdate(int streamId, int increment) {
        return new RawFrame(WINDOW_UPDATE, 0, streamId, ints(increment));
    }

    /** @param weight as on the wire: one less than it means */
    public static RawFrame priority(int streamId, int dependency, int weight) {
        return new RawFrame(
                PRIORITY,
                0,
                streamId,
                ByteBuffer.allocate(5).putInt(dependency).put((byte) weight).array());
    }

    public static RawFrame pushPromise(int streamId, int promisedId, byte[] block) {
        byte[] payload = Arrays.copyOf(ints(promisedId), 4 + block.length);
        System.arraycopy(block, 0, payload, 4, block.length);
        return new RawFrame(PUSH_PROMISE, END_HEADERS, streamId, payload);
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    /** One run of bytes, as one write sends it. */
    public static byte[] encode(RawFrame... frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (RawFrame frame : frames) {
            bytes.writeBytes(frame.encode());
        }
        return bytes.toByteArray();
    }

    /** The same with other flags. */
    public RawFrame withFlags(int other) {
        return new RawFrame(type, other, streamId, payload);
    }

    /** The bytes of the frame. */
    public byte[] encode() {
        return encodeDeclaring(payload.length);
    }

    /** The bytes of a frame that says another length than it has. */
    public byte[] encodeDeclaring(int length) {
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .put((byte) (length >>> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(streamId)
                .put(payload)
                .array();
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Of RST_STREAM and GOAWAY. */
    public int errorCode() {
        return intAt(type == GOAWAY ? 4 : 0);
    }

    /** Of GOAWAY. */
    public int lastStreamId() {
        return intAt(0) & Integer.MAX_VALUE;
    }

    /** Of WINDOW_UPDATE. */
    public int increment() {
        return intAt(0) & Integer.MAX_VALUE;
    }

    /** Of SETTINGS: the last value of this id, or {@code otherwise}. */
    public int setting(int id, int otherwise) {
        int value = otherwise;
        for (int at = 0; at + 6 <= payload.length; at += 6) {
            if (ByteBuffer.wrap(payload).getShort(at) == id) {
                value = intAt(at + 2);
            }
        }
        return value;
    }

    private int intAt(int index) {
        return ByteBuffer.wrap(payload).getInt(index);
    }

    public String text() {
        return new String(payload, UTF_8);
    }

    @Override
    public String toString() {
        StringJoiner told = new StringJoiner(" ");
        told.add(type < NAMES.length ? NAMES[type] : "type " + type).add("stream=" + streamId);
        told.add("flags=0x" + Integer.toHexString(flags)).add("length=" + payload.length);
        if ((type == RST_STREAM && payload.length == 4) || (type == GOAWAY && payload.length >= 8)) {
            told.add("code=" + errorCode());
        }
        return told.add(HexFormat.of().formatHex(payload, 0, Math.min(payload.length, 32)))
                .toString();
    }
}
