package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request as it arrived, copied out of the network's buffers: it may be kept and read on any thread. */
public final class ReceivedRequest {
    private final String protocol;
    private final String method;
    private final String uri;
    private final HttpHeaders headers;
    private final byte[] body;

    ReceivedRequest(String protocol, String method, String uri, HttpHeaders headers, byte[] body) {
        this.protocol = protocol;
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    /** Borrows the request. */
    static ReceivedRequest copyOf(FullHttpRequest request) {
        return new ReceivedRequest(
                request.protocolVersion().text(),
                request.method().name(),
                request.uri(),
                request.headers().copy(),
                ByteBufUtil.getBytes(request.content()));
    }

    /** {@code HTTP/1.1}, {@code HTTP/1.0} or {@code HTTP/2}. */
    public String protocol() {
        return protocol;
    }

    public String method() {
        return method;
    }

    /** Path and query, as sent. */
    public String uri() {
        return uri;
    }

    /** All fields, as sent; names compare without case. HTTP/2: without pseudo fields, authority as host. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The first value of a field, null where it is absent. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The body's bytes; a copy. */
    public byte[] body() {
        return body.clone();
    }

    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body itself: not to be changed. */
    byte[] bodyBytes() {
        return body;
    }
}
