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
import dev.slipstream.ingress.FieldOutput.Recurrence;
import dev.slipstream.metrics.Stage;
import dev.slipstream.route.Target;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an answer, whatever the protocol: what passes of the provider's, and what Slipstream says itself. What
 * delimits the body and what belongs to the connection is the protocol's. Confined to its connection.
 */
final class ResponseFields {
    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] X_REQUEST_ID = ascii("x-request-id");
    private static final byte[] REQUEST_ID = ascii("request-id");
    private static final byte[] UPSTREAM_REQUEST_ID = ascii("x-slipstream-upstream-request-id");
    private static final byte[] PROVIDER = ascii("x-slipstream-provider");
    private static final byte[] MODEL = ascii("x-slipstream-model");
    private static final byte[] REASON = ascii("x-slipstream-model-reason");
    private static final byte[] ATTEMPTS = ascii("x-slipstream-attempts");
    private static final byte[] ERROR = ascii("x-slipstream-error");
    private static final byte[] ERROR_SOURCE = ascii("x-slipstream-error-source");
    private static final byte[] FROM_PROVIDER = ascii("provider");
    private static final byte[] ESTIMATED = ascii("x-slipstream-estimated");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] ALLOW = ascii("allow");
    private static final byte[] CACHE_CONTROL = ascii("cache-control");
    private static final byte[] NO_STORE = ascii("no-store");
    private static final byte[] SERVER_TIMING = ascii("server-timing");
    private static final byte[] TIMING = ascii("slipstream;dur=");
    private static final byte[] TIMING_UPSTREAM = ascii(", upstream;dur=");
    private static final int NANOS_PER_MICRO = 1_000;

    /** Two figures of 19 digits at most, and what stands around them. */
    private static final int SCRATCH_BYTES = 96;

    private final byte[] scratch = new byte[SCRATCH_BYTES];
    /** Configured values that were checked last: a connection mostly sees the same ones again. */
    private byte[] provider = scratch;

    private byte[] model = scratch;
    private byte[] reason = scratch;
    private int length;

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Writes the fields of {@code head}, which it borrows. */
    void write(ResponseHead head, FieldOutput out) {
        Exchange exchange = head.exchange();
        FlatHead fromProvider = head.providerHead();
        Target target = head.target();
        if (fromProvider != null && target != null) {
            forward(out, fromProvider, head.contentType() != null);
            text(out, CONTENT_TYPE, head.contentType());
            describeTarget(out, exchange, target);
            describeUpstreamId(out, fromProvider);
            if (head.status() >= 400) {
                constant(out, ERROR_SOURCE, FROM_PROVIDER);
            }
        } else {
            describeLocal(out, head);
        }
        id(out, X_REQUEST_ID, exchange.id());
        if (exchange.dialect() == Dialect.ANTHROPIC) {
            id(out, REQUEST_ID, exchange.id());
        }
        timing(out, exchange.stages());
    }

    /** @param edited whether the body is not the provider's, so that what describes that one stays behind */
    private static void forward(FieldOutput out, FlatHead provider, boolean edited) {
        for (int i = 0; i < provider.fieldCount(); i++) {
            HeaderName name = provider.name(i);
            if (edited && (name == HeaderName.CONTENT_TYPE || name == HeaderName.CONTENT_ENCODING)) {
                continue;
            }
            if (ForwardedFields.toClient(provider, i)) {
                boolean same = name == HeaderName.CONTENT_TYPE
                        || name == HeaderName.CONTENT_ENCODING
                        || name == HeaderName.CACHE_CONTROL
                        || name == HeaderName.OPENAI_VERSION;
                out.field(
                        provider.array(),
                        provider.nameStart(i),
                        provider.nameEnd(i),
                        provider.array(),
                        provider.valueStart(i),
                        provider.valueEnd(i),
                        same ? Recurrence.SAME : Recurrence.NEW);
            }
        }
    }

    private void describeTarget(FieldOutput out, Exchange exchange, Target target) {
        provider = checked(out, PROVIDER, target.provider().nameBytes(), provider);
        model = checked(out, MODEL, exchange.plan().nameFor(target), model);
        reason = checked(out, REASON, exchange.plan().reason().bytes(), reason);
        length = 0;
        decimal(exchange.attempts());
        scratch(out, ATTEMPTS, Recurrence.SAME);
    }

    private static void describeUpstreamId(FieldOutput out, FlatHead provider) {
        int field = provider.find(HeaderName.X_REQUEST_ID);
        if (field < 0) {
            field = provider.find(HeaderName.REQUEST_ID);
        }
        if (field >= 0) {
            out.field(
                    UPSTREAM_REQUEST_ID,
                    0,
                    UPSTREAM_REQUEST_ID.length,
                    provider.array(),
                    provider.valueStart(field),
                    provider.valueEnd(field),
                    Recurrence.NEW);
        }
    }

    private static void describeLocal(FieldOutput out, ResponseHead head) {
        text(out, CONTENT_TYPE, head.contentType());
        text(out, ALLOW, head.allow());
        FailureKind failure = head.failure();
        text(out, ERROR, failure == null ? null : failure.word());
        if (head.isEstimated()) {
            constant(out, ESTIMATED, TRUE);
        }
        constant(out, CACHE_CONTROL, NO_STORE);
    }

    private static void text(FieldOutput out, byte[] name, @Nullable String value) {
        if (value != null) {
            byte[] bytes = value.getBytes(ISO_8859_1);
            HeadWriter.requireField(name, bytes);
            constant(out, name, bytes);
        }
    }

    /**
     * What comes from a configuration. Checked here, the last place that can stop an injected line, unless it is the very
     * array that was checked before: those are never written to.
     *
     * @return {@code value}, to be compared with the next time
     */
    private static byte[] checked(FieldOutput out, byte[] name, byte[] value, byte[] before) {
        if (value != before) {
            HeadWriter.requireField(name, value);
        }
        constant(out, name, value);
        return value;
    }

    private static void constant(FieldOutput out, byte[] name, byte[] value) {
        out.field(name, 0, name.length, value, 0, value.length, Recurrence.SAME);
    }

    private static void id(FieldOutput out, byte[] name, RequestId id) {
        out.field(name, 0, name.length, id.bytes(), 0, id.length(), Recurrence.NEW);
    }

    /** Own time is the total less the waiting; milliseconds with three decimals. */
    private void timing(FieldOutput out, StageClock stages) {
        length = 0;
        append(TIMING);
        millis(stages.ownNanos());
        append(TIMING_UPSTREAM);
        millis(stages.nanosIn(Stage.POOL_WAIT) + stages.nanosIn(Stage.UPSTREAM_WAIT));
        scratch(out, SERVER_TIMING, Recurrence.NEW);
    }

    // ------------------------------------------------------------------ values that are put together

    private void scratch(FieldOutput out, byte[] name, Recurrence recurrence) {
        out.field(name, 0, name.length, scratch, 0, length, recurrence);
    }

    private void append(byte[] text) {
        System.arraycopy(text, 0, scratch, length, text.length);
        length += text.length;
    }

    private void decimal(long number) {
        int end = length + 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= length; i--) {
            scratch[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
    }

    private void millis(long nanos) {
        long micros = Math.max(0, nanos) / NANOS_PER_MICRO;
        decimal(micros / 1000);
        int thousandths = (int) (micros % 1000);
        scratch[length++] = '.';
        scratch[length++] = (byte) ('0' + thousandths / 100);
        scratch[length++] = (byte) ('0' + thousandths / 10 % 10);
        scratch[length++] = (byte) ('0' + thousandths % 10);
    }
}
