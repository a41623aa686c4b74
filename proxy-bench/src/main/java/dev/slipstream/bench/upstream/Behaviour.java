package dev.slipstream.bench.upstream;

import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How one request is answered: the options, what chance makes of them, and the request's directives. Confined to one request.
 *
 * <p>Directives stand in double square brackets, several in one pair, in the text of the last user message or
 * in the model's name ({@code [[status=429 retry-after=1]]}), or are header fields ({@code x-sim-status: 429});
 * {@link SimulatedProvider} lists them.
 */
final class Behaviour {
    static final String HEADER_PREFIX = "x-sim-";

    private final RandomGenerator random;

    /** 0: no failure. */
    int status;

    String retryAfter = "";
    /** The status is 200, the body an error. */
    boolean errorBody;

    long delayNanos;
    Distribution gap;
    int tokens;
    int tokenBytes;
    int reasoningTokens;
    int inputTokens;
    int cachedTokens;
    int toolCalls;
    boolean unicode;
    boolean stamped;
    /** 0: as it comes. */
    int trickleBytesPerSecond;

    Ending ending = Ending.COMPLETE;
    int endAfter;

    /** @param random of this request alone */
    Behaviour(AnswerShape shape, RandomGenerator random) {
        this.random = random;
        delayNanos = shape.firstTokenDelay().draw(random);
        gap = shape.tokenGap();
        tokens = (int) shape.tokens().draw(random);
        tokenBytes = shape.tokenBytes();
        reasoningTokens = shape.reasoningTokens();
        inputTokens = shape.inputTokens();
        cachedTokens = shape.cachedTokens();
        toolCalls = shape.toolCalls() ? 1 : 0;
    }

    RandomGenerator random() {
        return random;
    }

    /** The time to the next token. */
    long nextGapNanos() {
        return gap.draw(random);
    }

    /** Whether something goes wrong that was asked for. */
    boolean isFaulty() {
        return status != 0 || errorBody || trickleBytesPerSecond > 0 || ending != Ending.COMPLETE;
    }

    /** What is wrong from the answer's beginning, as counters name it; empty: nothing. An {@link #ending} comes later. */
    String fault() {
        if (status != 0) {
            return "status_" + status;
        }
        return errorBody ? "error_body" : trickleBytesPerSecond > 0 ? "trickle" : "";
    }

    /**
     * Applies all directives of a text.
     *
     * @throws IllegalArgumentException for a directive that does not exist or has a wrong value: a test that
     *     misspells one is to fail, not to pass by accident
     */
    void applyAll(CharSequence text) {
        Directives.each(text, this::apply);
    }

    /** Applies the {@code x-sim-*} fields among these. */
    void applyHeaders(Iterable<Map.Entry<String, String>> headers) {
        for (Map.Entry<String, String> field : headers) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(HEADER_PREFIX)) {
                apply(name.substring(HEADER_PREFIX.length()), field.getValue().trim());
            }
        }
    }

    /** @throws IllegalArgumentException if it does not exist, or its value is wrong */
    void apply(String name, String value) {
        switch (name) {
            case "" -> {}
            case "status" -> status = Directives.number(name, value);
            case "retry-after" -> retryAfter = value;
            case "error-body" -> errorBody = true;
            case "delay" -> delayNanos = Distribution.ofDelays(value).draw(random);
            case "gap" -> gap = Distribution.ofDelays(value);
            case "tokens" -> tokens = (int) Distribution.ofCounts(value).draw(random);
            case "token-bytes" -> tokenBytes = Directives.number(name, value);
            case "reasoning" -> reasoningTokens = Directives.number(name, value);
            case "input" -> inputTokens = Directives.number(name, value);
            case "cached" -> cachedTokens = Directives.number(name, value);
            case "tool" -> toolCalls = value.isEmpty() ? 1 : Directives.number(name, value);
            case "unicode" -> unicode = true;
            case "stamp" -> stamped = true;
            case "trickle" -> trickleBytesPerSecond = Directives.number(name, value);
            case "close-after" -> ending(Ending.CLOSE, name, value);
            case "cut-after" -> ending(Ending.CUT, name, value);
            case "reset-after" -> ending(Ending.RESET, name, value);
            case "refuse" -> ending(Ending.REFUSE, name, "0");
            case "stall-after" -> ending(Ending.STALL, name, value);
            case "error-event-after" -> ending(Ending.ERROR_EVENT, name, value);
            case "truncate" -> ending(Ending.TRUNCATE, name, value.isEmpty() ? "0" : value);
            default -> throw new IllegalArgumentException("unknown directive: " + name);
        }
        if (status != 0 && (status < 400 || status > 599)) {
            throw new IllegalArgumentException("directive status wants 400 to 599, not " + status);
        }
    }

    private void ending(Ending how, String name, String value) {
        ending = how;
        endAfter = Directives.number(name, value);
    }
}
