package dev.slipstream.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.exchange.UpstreamHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;

/** The head of a request in the form that HTTP/2 sends. */
final class H2RequestHeaders {
    private static final AsciiString POST = AsciiString.cached("POST");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final byte[] HOST = "host".getBytes(US_ASCII);

    private H2RequestHeaders() {}

    /** Borrows {@code head}'s arrays: the headers are to be encoded before it is reset. */
    static Http2Headers of(UpstreamHead head, boolean tls) {
        Http2Headers headers = new DefaultHttp2Headers(false, head.fieldCount() + 5);
        headers.method(POST);
        headers.scheme(tls ? HTTPS : HTTP);
        headers.path(new AsciiString(head.path(), 0, head.pathLength(), false));
        for (int i = 0; i < head.fieldCount(); i++) {
            if (isHost(head, i)) {
                headers.authority(value(head, i));
            }
        }
        for (int i = 0; i < head.fieldCount(); i++) {
            if (!isHost(head, i)) {
                headers.add(name(head, i), value(head, i));
            }
        }
        if (head.contentLength() != UpstreamHead.UNKNOWN_LENGTH) {
            headers.add(CONTENT_LENGTH, AsciiString.of(Long.toString(head.contentLength())));
        }
        return headers;
    }

    private static boolean isHost(UpstreamHead head, int field) {
        return Arrays.equals(HOST, 0, HOST.length, head.nameArray(field), head.nameStart(field), head.nameEnd(field));
    }

    private static AsciiString name(UpstreamHead head, int field) {
        int start = head.nameStart(field);
        return new AsciiString(head.nameArray(field), start, head.nameEnd(field) - start, false);
    }

    private static AsciiString value(UpstreamHead head, int field) {
        int start = head.valueStart(field);
        return new AsciiString(head.valueArray(field), start, head.valueEnd(field) - start, false);
    }
}
