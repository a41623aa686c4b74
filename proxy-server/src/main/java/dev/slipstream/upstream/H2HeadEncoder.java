package dev.slipstream.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.hpack.HpackWriter.Indexing;
import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.http2.HeadEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the heads of requests on one connection, from the spans of an {@link UpstreamHead} and not from Netty's map of
 * strings. What every request carries is kept in the compression's table; credentials never are, nor is what differs
 * from request to request.
 */
final class H2HeadEncoder extends HeadEncoder {
    /** RFC 7541 appendix A. */
    private static final int METHOD_GET = 2;

    private static final int METHOD_POST = 3;

    private static final int SCHEME_HTTP = 6;
    private static final int SCHEME_HTTPS = 7;

    private static final byte[] AUTHORITY = ascii(":authority");
    private static final byte[] PATH = ascii(":path");
    private static final byte[] HOST = ascii("host");
    private static final byte[] CONTENT_LENGTH = ascii("content-length");

    private static final byte[][] SECRETS = {ascii("authorization"), ascii("x-api-key"), ascii("api-key")};
    private static final byte[][] CHANGING = {
        ascii("traceparent"), ascii("tracestate"), ascii("idempotency-key"), ascii("x-client-request-id"),
    };

    /** What a field counts beside its name and value (RFC 9113 §6.5.2). */
    private static final int FIELD_OVERHEAD = 32;

    private final boolean tls;
    private @Nullable UpstreamHead next;

    H2HeadEncoder(boolean tls) {
        this.tls = tls;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** The head that the next HEADERS frame is to carry. Borrowed until that is written. */
    void setNext(@Nullable UpstreamHead head) {
        next = head;
    }

    @Override
    public void encodeHeaders(int streamId, Http2Headers ignored, ByteBuf out) throws Http2Exception {
        UpstreamHead head = next;
        if (head == null) {
            throw new IllegalStateException("no head was set");
        }
        if (listBytes(head) > maxHeaderListSize()) {
            Http2CodecUtil.headerListSizeExceeded(streamId, maxHeaderListSize(), false);
        }
        hpack().begin(out);
        hpack().fixed(out, head.isBodiless() ? METHOD_GET : METHOD_POST);
        hpack().fixed(out, tls ? SCHEME_HTTPS : SCHEME_HTTP);
        for (int i = 0; i < head.fieldCount(); i++) {
            if (is(head, i, HOST)) {
                hpack().field(
                                out,
                                AUTHORITY,
                                0,
                                AUTHORITY.length,
                                head.valueArray(i),
                                head.valueStart(i),
                                head.valueEnd(i),
                                Indexing.KEEP);
            }
        }
        hpack().field(out, PATH, 0, PATH.length, head.path(), 0, head.pathLength(), pathIndexing(head));
        for (int i = 0; i < head.fieldCount(); i++) {
            if (!is(head, i, HOST)) {
                field(out, head, i);
            }
        }
        if (head.contentLength() != UpstreamHead.UNKNOWN_LENGTH && !head.isBodiless()) {
            number(out, CONTENT_LENGTH, head.contentLength(), Indexing.PASS);
        }
    }

    /** The endpoints are few; queries may be anything. */
    private static Indexing pathIndexing(UpstreamHead head) {
        for (int i = 0; i < head.pathLength(); i++) {
            if (head.path()[i] == '?') {
                return Indexing.PASS;
            }
        }
        return Indexing.KEEP;
    }

    private void field(ByteBuf out, UpstreamHead head, int i) {
        hpack().field(
                        out,
                        head.nameArray(i),
                        head.nameStart(i),
                        head.nameEnd(i),
                        head.valueArray(i),
                        head.valueStart(i),
                        head.valueEnd(i),
                        isOneOf(SECRETS, head, i)
                                ? Indexing.NEVER
                                : isOneOf(CHANGING, head, i) ? Indexing.PASS : Indexing.KEEP);
    }

    private static boolean isOneOf(byte[][] names, UpstreamHead head, int field) {
        for (byte[] name : names) {
            if (is(head, field, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(UpstreamHead head, int field, byte[] name) {
        return Arrays.equals(name, 0, name.length, head.nameArray(field), head.nameStart(field), head.nameEnd(field));
    }

    private static long listBytes(UpstreamHead head) {
        // The four pseudo-fields and content-length, roughly; the limit is advice.
        long bytes = head.pathLength() + 6L * FIELD_OVERHEAD;
        for (int i = 0; i < head.fieldCount(); i++) {
            bytes += head.nameEnd(i) - head.nameStart(i) + head.valueEnd(i) - head.valueStart(i) + FIELD_OVERHEAD;
        }
        return bytes;
    }
}
