package dev.slipstream.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeaderName;
import java.util.EnumSet;

/**
 * The fields that pass through the proxy: allow lists, one for each way. Whatever is not named here stays here, and so
 * does what a {@code connection} field names (RFC 9110 §7.6.1).
 */
public final class ForwardedFields {
    private static final EnumSet<HeaderName> TO_PROVIDER = EnumSet.of(
            HeaderName.CONTENT_TYPE,
            HeaderName.ACCEPT,
            HeaderName.USER_AGENT,
            HeaderName.ANTHROPIC_VERSION,
            HeaderName.ANTHROPIC_BETA,
            HeaderName.OPENAI_BETA,
            HeaderName.IDEMPOTENCY_KEY,
            HeaderName.X_CLIENT_REQUEST_ID,
            HeaderName.TRACEPARENT,
            HeaderName.TRACESTATE);
    private static final EnumSet<HeaderName> TO_OTHER_DIALECT = EnumSet.of(
            HeaderName.CONTENT_TYPE,
            HeaderName.ACCEPT,
            HeaderName.USER_AGENT,
            HeaderName.X_CLIENT_REQUEST_ID,
            HeaderName.TRACEPARENT,
            HeaderName.TRACESTATE);
    private static final EnumSet<HeaderName> TO_CLIENT = EnumSet.of(
            HeaderName.CONTENT_TYPE,
            HeaderName.CONTENT_ENCODING,
            HeaderName.RETRY_AFTER,
            HeaderName.RETRY_AFTER_MS,
            HeaderName.X_SHOULD_RETRY,
            HeaderName.OPENAI_PROCESSING_MS,
            HeaderName.OPENAI_VERSION,
            HeaderName.CACHE_CONTROL);
    private static final byte[] STAINLESS = "x-stainless-".getBytes(US_ASCII);
    private static final byte[] RATELIMIT = "ratelimit".getBytes(US_ASCII);

    private ForwardedFields() {}

    /** Whether a field of a client's request goes to the provider. */
    public static boolean toProvider(FlatHead head, int field) {
        HeaderName name = head.name(field);
        boolean listed = name == HeaderName.OTHER ? startsWith(head, field, STAINLESS) : TO_PROVIDER.contains(name);
        return listed && !head.isNominatedByConnection(field);
    }

    /** Whether a field of a client's request goes to a provider of the other dialect: what either dialect means stays. */
    public static boolean toOtherDialect(FlatHead head, int field) {
        return TO_OTHER_DIALECT.contains(head.name(field)) && !head.isNominatedByConnection(field);
    }

    /** Whether a field of a provider's answer goes to the client. */
    public static boolean toClient(FlatHead head, int field) {
        HeaderName name = head.name(field);
        boolean listed = name == HeaderName.OTHER ? contains(head, field, RATELIMIT) : TO_CLIENT.contains(name);
        return listed && !head.isNominatedByConnection(field);
    }

    private static boolean startsWith(FlatHead head, int field, byte[] prefix) {
        int start = head.nameStart(field);
        return head.nameEnd(field) - start >= prefix.length && matches(head.array(), start, prefix);
    }

    private static boolean contains(FlatHead head, int field, byte[] part) {
        int last = head.nameEnd(field) - part.length;
        for (int i = head.nameStart(field); i <= last; i++) {
            if (matches(head.array(), i, part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] array, int at, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (array[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
