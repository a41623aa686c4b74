package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a run, encoded once; each send is a view of the same bytes. Shared by all loops; owns its buffers
 * until {@link #close()}.
 */
final class LoadRequests implements AutoCloseable {
    private static final String[] WORDS = {
        "the ",
        "text ",
        "of ",
        "this ",
        "message ",
        "says ",
        "nothing ",
        "and ",
        "is ",
        "as ",
        "long ",
        "it ",
        "has ",
        "to ",
        "be ",
        "so "
    };

    /**
     * One kind of request.
     *
     * @param http1 head and body
     * @param body empty where there is none
     * @param size bytes of the body
     */
    record Encoded(ByteBuf http1, Http2Headers headers, ByteBuf body, int size) {}

    private final Map<RequestKind, Encoded> kinds = new EnumMap<>(RequestKind.class);

    LoadRequests(LoadTarget target, long seed) {
        for (RequestKind kind : RequestKind.values()) {
            kinds.put(kind, encode(target, kind, seed));
        }
    }

    Encoded of(RequestKind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    @Override
    public void close() {
        for (Encoded each : kinds.values()) {
            each.http1().release();
            each.body().release();
        }
    }

    private static Encoded encode(LoadTarget target, RequestKind kind, long seed) {
        boolean post = kind != RequestKind.MODELS;
        String path = target.prefix()
                + switch (target.dialect()) {
                    case OPENAI -> post ? "/chat/completions" : "/models";
                    case ANTHROPIC -> post ? "/v1/messages" : "/v1/models";
                };
        byte[] body = post ? body(target, kind == RequestKind.STREAM, seed) : new byte[0];
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method(post ? "POST" : "GET")
                .scheme(target.isSecure() ? "https" : "http")
                .path(path)
                .authority(target.hostField());
        StringBuilder head = new StringBuilder();
        head.append(post ? "POST " : "GET ").append(path).append(" HTTP/1.1\r\n");
        field(head, null, "host", target.hostField());
        field(head, headers, "user-agent", "slipstream-bench");
        field(head, headers, "accept", kind == RequestKind.STREAM ? "text/event-stream" : "application/json");
        switch (target.dialect()) {
            case OPENAI -> {
                if (!target.key().isEmpty()) {
                    field(head, headers, "authorization", "Bearer " + target.key());
                }
            }
            case ANTHROPIC -> {
                field(head, headers, "anthropic-version", "2023-06-01");
                if (!target.key().isEmpty()) {
                    field(head, headers, "x-api-key", target.key());
                }
            }
        }
        for (String further : target.fields()) {
            int colon = further.indexOf(": ");
            field(head, headers, further.substring(0, colon), further.substring(colon + 2));
        }
        if (post) {
            field(head, headers, "content-type", "application/json");
            field(head, headers, "content-length", Integer.toString(body.length));
        }
        byte[] headBytes = head.append("\r\n").toString().getBytes(US_ASCII);
        // Direct: a socket takes its bytes without another copy.
        ByteBuf http1 = Unpooled.directBuffer(headBytes.length + body.length)
                .writeBytes(headBytes)
                .writeBytes(body);
        ByteBuf http2 = Unpooled.directBuffer(Math.max(1, body.length)).writeBytes(body);
        return new Encoded(http1, headers, http2, body.length);
    }

    private static void field(StringBuilder head, @Nullable Http2Headers headers, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
        if (headers != null) {
            headers.add(name, value);
        }
    }

    /** Exactly as long as the target asks for: the message is as long as it must be. */
    private static byte[] body(LoadTarget target, boolean stream, long seed) {
        String before = "{\"model\":\"" + target.model() + "\",\"max_tokens\":" + target.maxTokens() + ",\"stream\":"
                + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String directives = target.directives().isEmpty() ? "" : " [[" + target.directives() + "]]";
        String after = directives + "\"}]}";
        StringBuilder text = new StringBuilder(target.bodyBytes()).append(before);
        int end = target.bodyBytes() - after.length();
        if (end < before.length()) {
            throw new IllegalArgumentException(
                    "a body of " + target.bodyBytes() + " bytes has no room for its message");
        }
        SplittableRandom random = new SplittableRandom(seed);
        while (text.length() < end) {
            text.append(WORDS[random.nextInt(WORDS.length)]);
        }
        text.setLength(end);
        return text.append(after).toString().getBytes(US_ASCII);
    }
}
