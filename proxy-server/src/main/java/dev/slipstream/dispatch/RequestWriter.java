package dev.slipstream.dispatch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ForwardedFields;
import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.route.Endpoint;
import dev.slipstream.route.EndpointPath;
import dev.slipstream.route.Provider;

/**
 * Writes the head of the request that a provider gets: built from the allow list and the provider's settings, never by
 * copying and deleting.
 */
final class RequestWriter {
    private static final byte[] ANTHROPIC_VERSION = "anthropic-version".getBytes(US_ASCII);
    private static final byte[] DEFAULT_ANTHROPIC_VERSION = "2023-06-01".getBytes(US_ASCII);
    private static final byte[][] CREDENTIALS = {
        "key".getBytes(US_ASCII), "api_key".getBytes(US_ASCII), "access_token".getBytes(US_ASCII),
    };

    private RequestWriter() {}

    /**
     * Fills {@code out}, which has been reset, with the request of {@code exchange} for {@code provider}.
     *
     * @param translated whether the provider speaks the other dialect
     */
    static void write(Exchange exchange, Provider provider, boolean translated, UpstreamHead out) {
        writePath(exchange, provider, translated, out);
        for (int i = 0; i < provider.fieldCount(); i++) {
            out.add(provider.fieldName(i), provider.fieldValue(i));
        }
        FlatHead client = exchange.requestHead();
        for (int i = 0; i < client.fieldCount(); i++) {
            if ((translated ? ForwardedFields.toOtherDialect(client, i) : ForwardedFields.toProvider(client, i))
                    && !provider.overrides(client.array(), client.nameStart(i), client.nameEnd(i))) {
                out.add(client, i);
            }
        }
        boolean versionMissing = provider.dialect() == Dialect.ANTHROPIC
                && client.find(HeaderName.ANTHROPIC_VERSION) < 0
                && !provider.setsAnthropicVersion();
        if (versionMissing) {
            out.add(ANTHROPIC_VERSION, DEFAULT_ANTHROPIC_VERSION);
        }
    }

    private static void writePath(Exchange exchange, Provider provider, boolean translated, UpstreamHead out) {
        byte[] base = provider.basePath();
        Endpoint endpoint = translated ? Endpoint.chatOf(provider.dialect()) : exchange.endpoint();
        byte[] path = endpoint.upstreamPath();
        out.appendPath(base, 0, base.length);
        out.appendPath(path, 0, path.length);
        EndpointPath target = exchange.path();
        if (!translated && target.queryStart() < target.queryEnd()) {
            writeQuery(exchange.requestHead().array(), target.queryStart(), target.queryEnd(), out);
        }
    }

    /** The query as it is, less the parameters that may carry the client's key. */
    private static void writeQuery(byte[] array, int start, int end, UpstreamHead out) {
        byte separator = '?';
        int from = start;
        while (from < end) {
            int to = from;
            while (to < end && array[to] != '&') {
                to++;
            }
            if (!isCredential(array, from, to)) {
                out.appendPath(separator);
                out.appendPath(array, from, to);
                separator = '&';
            }
            from = to + 1;
        }
    }

    private static boolean isCredential(byte[] array, int from, int to) {
        for (byte[] name : CREDENTIALS) {
            if (nameIs(array, from, to, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the parameter's name, percent-decoded and in any case, is {@code name}. */
    private static boolean nameIs(byte[] array, int from, int to, byte[] name) {
        int at = from;
        for (byte wanted : name) {
            if (at >= to) {
                return false;
            }
            int b = array[at];
            if (b == '%' && at + 2 < to) {
                int high = Character.digit(array[at + 1], 16);
                int low = Character.digit(array[at + 2], 16);
                b = high < 0 || low < 0 ? -1 : high << 4 | low;
                at += 2;
            }
            if (b >= 'A' && b <= 'Z') {
                b += 'a' - 'A';
            }
            if (b != wanted) {
                return false;
            }
            at++;
        }
        return at == to || array[at] == '=';
    }
}
