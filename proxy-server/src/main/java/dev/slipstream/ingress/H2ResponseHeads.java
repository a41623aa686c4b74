package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.hpack.HpackWriter.Indexing;
import dev.slipstream.exchange.ResponseHead;
import dev.slipstream.http2.HeadEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes the heads of answers on one HTTP/2 connection, from a {@link ResponseHead} and not from Netty's map of strings.
 * The client's advice how large a head may be is not heeded: an answer that it refuses for its size is worth no less than
 * none.
 */
final class H2ResponseHeads extends HeadEncoder implements FieldOutput {
    /** RFC 7541 appendix A. */
    private static final int STATUS_200 = 8;

    private static final byte[] STATUS = ":status".getBytes(US_ASCII);
    private static final byte[] CONTENT_LENGTH = "content-length".getBytes(US_ASCII);
    private static final int CONTINUE = 100;

    private final ResponseFields fields = new ResponseFields();
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private @Nullable ResponseHead next;
    private boolean withLength;

    /**
     * The head that the next HEADERS frame is to carry; none: the interim answer 100. Borrowed until that is written.
     *
     * @param withLength whether it declares the body's length
     */
    void setNext(@Nullable ResponseHead head, boolean withLength) {
        next = head;
        this.withLength = withLength;
    }

    @Override
    public void encodeHeaders(int streamId, Http2Headers ignored, ByteBuf buffer) {
        hpack().begin(buffer);
        ResponseHead head = next;
        if (head == null) {
            number(buffer, STATUS, CONTINUE, Indexing.PASS);
            return;
        }
        if (head.status() == 200) {
            hpack().fixed(buffer, STATUS_200);
        } else {
            number(buffer, STATUS, head.status(), Indexing.KEEP);
        }
        out = buffer;
        fields.write(head, this);
        out = Unpooled.EMPTY_BUFFER;
        if (withLength) {
            number(buffer, CONTENT_LENGTH, head.contentLength(), Indexing.PASS);
        }
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
        hpack().field(
                        out,
                        nameOf,
                        nameStart,
                        nameEnd,
                        valueOf,
                        valueStart,
                        valueEnd,
                        recurrence == Recurrence.SAME ? Indexing.KEEP : Indexing.PASS);
    }
}
