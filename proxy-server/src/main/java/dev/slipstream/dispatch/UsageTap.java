package dev.slipstream.dispatch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.codec.json.UsageScanner;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.metrics.LoopMetrics;
import io.netty.buffer.ByteBuf;

/**
 * Looks at a provider's bytes as they pass, before anything edits them: token usage, and the events of a stream. An
 * encoded body, a failed one, or another media type is left alone, its usage unknown.
 */
final class UsageTap {
    private static final byte[] EVENT_STREAM = "text/event-stream".getBytes(US_ASCII);
    private static final byte[] JSON = "application/json".getBytes(US_ASCII);

    private final UsageScanner scanner = new UsageScanner();
    private UsageScanner.Mode mode = UsageScanner.Mode.OFF;

    void onHead(FlatHead head) {
        mode = modeOf(head);
        scanner.reset(mode);
    }

    private static UsageScanner.Mode modeOf(FlatHead head) {
        int type = head.find(HeaderName.CONTENT_TYPE);
        if (type < 0 || head.find(HeaderName.CONTENT_ENCODING) >= 0) {
            return UsageScanner.Mode.OFF;
        }
        if (isType(head, type, EVENT_STREAM)) {
            return UsageScanner.Mode.EVENTS;
        }
        return head.status() < 400 && isType(head, type, JSON) ? UsageScanner.Mode.WHOLE : UsageScanner.Mode.OFF;
    }

    private static boolean isType(FlatHead head, int field, byte[] type) {
        int start = head.valueStart(field);
        if (head.valueEnd(field) - start < type.length) {
            return false;
        }
        for (int i = 0; i < type.length; i++) {
            int b = head.array()[start + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != type[i]) {
                return false;
            }
        }
        return true;
    }

    /** Borrows {@code data}. */
    void onData(ByteBuf data) {
        if (mode != UsageScanner.Mode.OFF) {
            scanner.feed(data);
        }
    }

    /** The answer has ended, whole or not: counts what is known of its usage, and tells the exchange. */
    void onEnd(Exchange exchange, String provider) {
        if (mode == UsageScanner.Mode.OFF) {
            return;
        }
        scanner.finish();
        LoopMetrics metrics = exchange.loop().metrics();
        String model = exchange.plan().label();
        mode = UsageScanner.Mode.OFF;
        if (scanner.promptTokens() == UsageScanner.UNKNOWN && scanner.completionTokens() == UsageScanner.UNKNOWN) {
            metrics.usageUnknown(provider);
            return;
        }
        exchange.figures()
                .setTokens(
                        scanner.promptTokens(),
                        scanner.completionTokens(),
                        scanner.cachedTokens(),
                        scanner.reasoningTokens());
        count(metrics, provider, model, "input", scanner.promptTokens());
        count(metrics, provider, model, "output", scanner.completionTokens());
        count(metrics, provider, model, "cached", scanner.cachedTokens());
        count(metrics, provider, model, "reasoning", scanner.reasoningTokens());
    }

    private static void count(LoopMetrics metrics, String provider, String model, String type, long tokens) {
        if (tokens > 0) {
            metrics.tokens(provider, model, type, tokens);
        }
    }

    /** Whether the answer is one that can be read: JSON or events, not encoded. */
    boolean isReading() {
        return mode != UsageScanner.Mode.OFF;
    }

    /** Whether the answer is a stream of events. */
    boolean isEvents() {
        return mode == UsageScanner.Mode.EVENTS;
    }

    /** Events that were complete so far. */
    long events() {
        return mode == UsageScanner.Mode.EVENTS ? scanner.events() : 0;
    }

    /** Whether the last byte ended an event. */
    boolean atEventBoundary() {
        return scanner.atEventBoundary();
    }
}
