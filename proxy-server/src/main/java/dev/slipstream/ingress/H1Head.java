package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.HeadWriter;
import dev.slipstream.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Writes the heads of answers in HTTP/1.1. Confined to its connection. */
final class H1Head implements FieldOutput {
    /** How the body behind the head is delimited. */
    enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE,
        /** None, and none declared: 204, 304. */
        NONE
    }

    private static final byte[] CLOSE = "connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "connection: keep-alive\r\n".getBytes(US_ASCII);
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON_SP = ':' << 8 | ' ';
    private static final int LINE_BYTES = 4;

    private final ResponseFields fields = new ResponseFields();
    private ByteBuf out = Unpooled.EMPTY_BUFFER;

    /** Appends the head to {@code out}, which it borrows. */
    void write(ByteBuf out, ResponseHead head, Framing framing, boolean close, boolean toHttp10) {
        this.out = out;
        HeadWriter.statusLine(out, head.status());
        fields.write(head, this);
        switch (framing) {
            case LENGTH -> HeadWriter.contentLength(out, head.contentLength());
            case CHUNKED -> HeadWriter.chunked(out);
            case UNTIL_CLOSE, NONE -> {}
        }
        if (close) {
            out.writeBytes(CLOSE);
        } else if (toHttp10) {
            out.writeBytes(KEEP_ALIVE);
        }
        HeadWriter.end(out);
        this.out = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void field(
            byte[] nameOf,
            int nameStart,
            int nameEnd,
            byte[] valueOf,
            int valueStart,
            int valueEnd,
            Recurrence recurrence) {
        out.ensureWritable(nameEnd - nameStart + valueEnd - valueStart + LINE_BYTES);
        out.writeBytes(nameOf, nameStart, nameEnd - nameStart);
        out.writeShort(COLON_SP);
        out.writeBytes(valueOf, valueStart, valueEnd - valueStart);
        out.writeShort(CRLF);
    }
}
