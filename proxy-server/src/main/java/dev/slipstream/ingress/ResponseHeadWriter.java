package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeadWriter;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ForwardedFields;
import dev.slipstream.exchange.RequestId;
import dev.slipstream.exchange.ResponseHead;
import dev.slipstream.exchange.StageClock;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.metrics.Stage;
import dev.slipstream.route.Target;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Writes the head of an answer in HTTP/1.1: what passes of the provider's, and what Slipstream says itself. */
final class ResponseHeadWriter {
    /** How the body behind the head is delimited. */
    enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE,
        /** None, and none declared: 204, 304. */
        NONE
    }

    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] X_REQUEST_ID = ascii("x-request-id: ");
    private static final byte[] REQUEST_ID = ascii("request-id: ");
    private static final byte[] UPSTREAM_REQUEST_ID = ascii("x-slipstream-upstream-request-id: ");
    private static final byte[] PROVIDER = ascii("x-slipstream-provider");
    private static final byte[] MODEL = ascii("x-slipstream-model");
    private static final byte[] REASON = ascii("x-slipstream-model-reason");
    private static final byte[] ATTEMPTS = ascii("x-slipstream-attempts: ");
    private static final byte[] ERROR = ascii("x-slipstream-error");
    private static final byte[] ERROR_SOURCE = ascii("x-slipstream-error-source: provider\r\n");
    private static final byte[] ALLOW = ascii("allow");
    private static final byte[] NO_STORE = ascii("cache-control: no-store\r\n");
    private static final byte[] TIMING = ascii("server-timing: slipstream;dur=");
    private static final byte[] TIMING_UPSTREAM = ascii(", upstream;dur=");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int NANOS_PER_MICRO = 1_000;

    private ResponseHeadWriter() {}

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Appends the head to {@code out}. */
    static void write(ByteBuf out, ResponseHead head, Framing framing, boolean close, boolean toHttp10) {
        Exchange exchange = head.exchange();
        HeadWriter.statusLine(out, head.status());
        FlatHead fromProvider = head.providerHead();
        Target target = head.target();
        if (fromProvider != null && target != null) {
            forward(out, fromProvider);
            describeTarget(out, exchange, target);
            describeUpstreamId(out, fromProvider);
            if (head.status() >= 400) {
                out.writeBytes(ERROR_SOURCE);
            }
        } else {
            describeLocal(out, head);
        }
        id(out, X_REQUEST_ID, exchange.id());
        if (exchange.dialect() == Dialect.ANTHROPIC) {
            id(out, REQUEST_ID, exchange.id());
        }
        timing(out, exchange.stages());
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
    }

    private static void forward(ByteBuf out, FlatHead provider) {
        for (int i = 0; i < provider.fieldCount(); i++) {
            if (ForwardedFields.toClient(provider, i)) {
                HeadWriter.copyField(out, provider, i);
            }
        }
    }

    private static void describeTarget(ByteBuf out, Exchange exchange, Target target) {
        HeadWriter.field(out, PROVIDER, target.provider().nameBytes());
        HeadWriter.field(out, MODEL, exchange.plan().nameFor(target));
        HeadWriter.field(out, REASON, exchange.plan().reason().bytes());
        out.writeBytes(ATTEMPTS);
        HeadWriter.decimal(out, exchange.attempts());
        out.writeShort(CRLF);
    }

    private static void describeUpstreamId(ByteBuf out, FlatHead provider) {
        int field = provider.find(HeaderName.X_REQUEST_ID);
        if (field < 0) {
            field = provider.find(HeaderName.REQUEST_ID);
        }
        if (field >= 0) {
            int start = provider.valueStart(field);
            out.writeBytes(UPSTREAM_REQUEST_ID);
            out.writeBytes(provider.array(), start, provider.valueEnd(field) - start);
            out.writeShort(CRLF);
        }
    }

    private static void describeLocal(ByteBuf out, ResponseHead head) {
        field(out, CONTENT_TYPE, head.contentType());
        field(out, ALLOW, head.allow());
        FailureKind failure = head.failure();
        field(out, ERROR, failure == null ? null : failure.word());
        out.writeBytes(NO_STORE);
    }

    private static void field(ByteBuf out, byte[] name, @Nullable String value) {
        if (value != null) {
            HeadWriter.field(out, name, value.getBytes(ISO_8859_1));
        }
    }

    private static void id(ByteBuf out, byte[] nameAndColon, RequestId id) {
        out.writeBytes(nameAndColon);
        out.writeBytes(id.bytes(), 0, id.length());
        out.writeShort(CRLF);
    }

    /** Own time is the total less the waiting; milliseconds with three decimals. */
    private static void timing(ByteBuf out, StageClock stages) {
        out.writeBytes(TIMING);
        millis(out, stages.ownNanos());
        out.writeBytes(TIMING_UPSTREAM);
        millis(out, stages.nanosIn(Stage.POOL_WAIT) + stages.nanosIn(Stage.UPSTREAM_WAIT));
        out.writeShort(CRLF);
    }

    private static void millis(ByteBuf out, long nanos) {
        long micros = Math.max(0, nanos) / NANOS_PER_MICRO;
        HeadWriter.decimal(out, micros / 1000);
        int thousandths = (int) (micros % 1000);
        out.writeByte('.');
        out.writeByte('0' + thousandths / 100);
        out.writeByte('0' + thousandths / 10 % 10);
        out.writeByte('0' + thousandths % 10);
    }
}
