package dev.slipstream.codec.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Reads the first message of an input whole, with our codec and with Netty's, and puts the meaning into words. */
final class Messages {
    /** Ends what we say about a message whose head is fine and whose body is not. */
    static final String REFUSED_BODY = "body refused";

    private Messages() {}

    /** The message as we read it; empty if we refuse its head or the head has no end. */
    static String ours(boolean requests, byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        FlatHead head = new FlatHead();
        if (Reading.parser(requests).parse(in, head) != HeadResult.COMPLETE) {
            return "";
        }
        byte[] array = head.array();
        StringBuilder out =
                new StringBuilder("HTTP/1.").append(head.minorVersion()).append(' ');
        if (requests) {
            int method = start(input);
            out.append(Reading.text(input, method, method + head.targetStart() - 1))
                    .append(' ');
            out.append(Reading.text(array, head.targetStart(), head.targetEnd()))
                    .append(head.keepAlive());
        } else {
            out.append(head.status());
        }
        out.append('\n');
        BodyFraming framing = requests ? head.requestFraming() : head.responseFraming(false);
        for (int i = 0; i < head.fieldCount(); i++) {
            if (!requests && framing == BodyFraming.NONE && head.name(i) == HeaderName.TRANSFER_ENCODING) {
                // Netty takes the field off where the status allows no body; we leave it to whoever writes the head.
                continue;
            }
            out.append(Reading.text(array, head.nameStart(i), head.nameEnd(i))).append('=');
            out.append(Reading.text(array, head.valueStart(i), head.valueEnd(i)))
                    .append('\n');
        }
        switch (framing) {
            case NONE -> out.append("body <> whole");
            case UNTIL_CLOSE -> body(out, in, in.readableBytes()).append(" whole");
            case LENGTH -> {
                boolean whole = head.contentLength() <= in.readableBytes();
                body(out, in, (int) Math.min(head.contentLength(), in.readableBytes()));
                out.append(whole ? " whole" : " cut");
            }
            case CHUNKED -> {
                Reading body = Reading.ofChunks(Reading.bytes(in.toString(StandardCharsets.ISO_8859_1)));
                if (body.result().equals("BAD")) {
                    return out.append(REFUSED_BODY).toString();
                }
                out.append("body <").append(body.seen()).append('>');
                out.append(body.result().equals("END") ? " whole" : " cut");
            }
        }
        return out.toString();
    }

    private static int start(byte[] input) {
        int i = 0;
        while (input[i] == '\r' || input[i] == '\n') {
            i++;
        }
        return i;
    }

    private static StringBuilder body(StringBuilder out, ByteBuf in, int length) {
        return out.append("body <")
                .append(in.readCharSequence(length, StandardCharsets.ISO_8859_1))
                .append('>');
    }

    /** The message as Netty reads it; {@code refused} if it does not. */
    static String nettys(boolean requests, byte[] input) {
        EmbeddedChannel channel = new EmbeddedChannel(requests ? new HttpRequestDecoder() : new HttpResponseDecoder());
        StringBuilder out = new StringBuilder();
        StringBuilder body = new StringBuilder();
        boolean whole = false;
        boolean refused = false;
        boolean closes = false;
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(input));
            Object message = channel.readInbound();
            while (message != null && !whole && !refused) {
                if (message instanceof HttpMessage head) {
                    refused = head.decoderResult().isFailure();
                    describe(out, head);
                    closes = !requests
                            && !HttpUtil.isContentLengthSet(head)
                            && !HttpUtil.isTransferEncodingChunked(head);
                } else if (message instanceof HttpContent content) {
                    // A failure in the body, or behind it, leaves the message cut short.
                    if (!content.decoderResult().isFailure()) {
                        body.append(content.content().toString(StandardCharsets.ISO_8859_1));
                        whole = content instanceof LastHttpContent;
                    }
                } else {
                    throw new AssertionError(HttpObject.class + " expected, was " + message);
                }
                ReferenceCountUtil.release(message);
                message = channel.readInbound();
            }
            ReferenceCountUtil.release(message);
        } finally {
            // Also ends a body that lasts until the close.
            channel.finishAndReleaseAll();
        }
        if (refused || out.isEmpty()) {
            return "refused";
        }
        return out.append("body <")
                .append(body)
                .append('>')
                .append(whole || closes ? " whole" : " cut")
                .toString();
    }

    private static void describe(StringBuilder out, HttpMessage head) {
        out.append(head.protocolVersion().text()).append(' ');
        if (head instanceof HttpRequest request) {
            out.append(request.method().name())
                    .append(' ')
                    .append(request.uri())
                    .append(HttpUtil.isKeepAlive(head));
        } else if (head instanceof HttpResponse response) {
            out.append(response.status().code());
        }
        out.append('\n');
        for (Map.Entry<String, String> field : head.headers()) {
            out.append(field.getKey().toLowerCase(Locale.ROOT))
                    .append('=')
                    .append(field.getValue())
                    .append('\n');
        }
    }
}
