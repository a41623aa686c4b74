package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/**
 * The one event that streams of this room are made of: a chunk of OpenAI's dialect, always {@value #BYTES} bytes long, whose
 * content is the time at which it was written (by {@code System.nanoTime()}) and its number in the stream, from 0 on.
 */
final class StampedEvent {
    static final int BYTES = 240;
    static final int STAMP_DIGITS = 19;
    static final int NUMBER_DIGITS = 8;

    private static final String BEFORE_ID = "data: {\"id\":\"chatcmpl-";
    private static final String BEFORE_STAMP = "\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
            + "\"model\":\"upstream-model\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
    private static final String BEFORE_NUMBER = " ";
    private static final String AFTER = "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n";
    private static final int ID_LENGTH =
            BYTES - (BEFORE_ID + BEFORE_STAMP + BEFORE_NUMBER + AFTER).length() - STAMP_DIGITS - NUMBER_DIGITS;

    static final int STAMP_AT = (BEFORE_ID + BEFORE_STAMP).length() + ID_LENGTH;
    static final int NUMBER_AT = STAMP_AT + STAMP_DIGITS + BEFORE_NUMBER.length();

    /** Behind the last event. */
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(US_ASCII);

    private static final byte[] TEMPLATE = (BEFORE_ID
                    + "a".repeat(ID_LENGTH)
                    + BEFORE_STAMP
                    + "0".repeat(STAMP_DIGITS)
                    + BEFORE_NUMBER
                    + "0".repeat(NUMBER_DIGITS)
                    + AFTER)
            .getBytes(US_ASCII);
    private static final byte[] CHUNK = chunk(TEMPLATE);
    private static final int CHUNK_HEAD = CHUNK.length - BYTES - 2;
    private static final byte[] END = (new String(chunk(DONE), US_ASCII) + "0\r\n\r\n").getBytes(US_ASCII);

    private StampedEvent() {}

    private static byte[] chunk(byte[] event) {
        return (Integer.toHexString(event.length) + "\r\n" + new String(event, US_ASCII) + "\r\n").getBytes(US_ASCII);
    }

    /** As a chunk of HTTP/1.1. */
    static int chunkBytes() {
        return CHUNK.length;
    }

    /** The byte that an event has there; where stamp or number are, any digit. */
    static byte at(int index) {
        return TEMPLATE[index];
    }

    static int doneBytes() {
        return DONE.length;
    }

    static byte doneAt(int index) {
        return DONE[index];
    }

    /** Appends the event as a chunk; borrows. */
    static void write(ByteBuf to, long stampNanos, int number) {
        int at = to.writerIndex() + CHUNK_HEAD;
        to.writeBytes(CHUNK);
        digits(to, at + STAMP_AT, STAMP_DIGITS, stampNanos);
        digits(to, at + NUMBER_AT, NUMBER_DIGITS, number);
    }

    private static void digits(ByteBuf to, int at, int count, long value) {
        long rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            to.setByte(i, '0' + (int) (rest % 10));
            rest /= 10;
        }
    }

    /** Appends the last event and the last chunk; borrows. */
    static void writeEnd(ByteBuf to) {
        to.writeBytes(END);
    }
}
