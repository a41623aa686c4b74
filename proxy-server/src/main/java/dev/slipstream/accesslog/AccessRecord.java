package dev.slipstream.accesslog;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.http1.HttpMethod;
import dev.slipstream.exchange.AnswerFigures;
import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.RequestId;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.Principal;
import dev.slipstream.metrics.Stage;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a line tells of an ended exchange. Filled by a loop, read by the writer, recycled: whoever took it from a queue
 * owns it. Texts are those of the configuration, which outlive it.
 */
final class AccessRecord {
    private static final int MAX_ID_BYTES = 128;

    long epochMillis;
    final byte[] id = new byte[MAX_ID_BYTES];
    int idLength;

    @Nullable
    String key;

    @Nullable
    InetAddress client;

    HttpMethod method = HttpMethod.OTHER;
    String route = "";
    Dialect dialect = Dialect.OPENAI;
    int status;
    CloseReason reason = CloseReason.ANSWERED;

    @Nullable
    FailureKind error;

    String model = "";
    String provider = "";
    int attempts;
    boolean stream;
    long requestBytes;
    long responseBytes;
    long durationNanos;
    long upstreamNanos;
    long firstTokenNanos;
    long inputTokens;
    long outputTokens;
    long cachedTokens;
    long reasoningTokens;

    /** Copies what there is to tell of {@code exchange}; allocates nothing. */
    void take(Exchange exchange, CloseReason reason, long epochMillis) {
        this.epochMillis = epochMillis;
        RequestId from = exchange.id();
        idLength = from.length();
        System.arraycopy(from.bytes(), 0, id, 0, idLength);
        key = nameOf(exchange.principal());
        client = exchange.client().remoteAddress();
        method = exchange.requestHead().method();
        route = exchange.endpoint().label();
        dialect = exchange.dialect();
        status = exchange.status();
        this.reason = reason;
        model = exchange.plan().label();
        provider = exchange.provider();
        attempts = exchange.attempts();
        stream = exchange.scanner().stream();
        requestBytes = exchange.receivedBodyBytes();
        durationNanos = exchange.stages().markNanos() - exchange.stages().startNanos();
        upstreamNanos =
                exchange.stages().nanosIn(Stage.POOL_WAIT) + exchange.stages().nanosIn(Stage.UPSTREAM_WAIT);
        AnswerFigures figures = exchange.figures();
        error = figures.failure();
        responseBytes = figures.bodyBytes();
        firstTokenNanos = figures.firstTokenNanos();
        inputTokens = figures.inputTokens();
        outputTokens = figures.outputTokens();
        cachedTokens = figures.cachedTokens();
        reasoningTokens = figures.reasoningTokens();
    }

    @SuppressWarnings("ReferenceEquality") // a key may be called as nobody is
    private static @Nullable String nameOf(Principal principal) {
        return principal == Principal.ANYONE ? null : principal.name();
    }
}
