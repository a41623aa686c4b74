package dev.slipstream.bench.upstream;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one request is answered: the options, changed by its directives. Confined to one request.
 *
 * <p>Directives stand in double square brackets, several in one pair, in the text of the last user message or
 * in the model's name ({@code [[status=429 retry-after=1]]}), or are header fields ({@code x-sim-status: 429});
 * {@link SimulatedProvider} lists them.
 */
final class Behaviour {
    static final String HEADER_PREFIX = "x-sim-";
    private static final Pattern DIRECTIVES = Pattern.compile("\\[\\[([^\\[\\]]*)]]");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(us|ms|s|m)?");

    /** 0: no failure. */
    int status;

    String retryAfter = "";
    long delayNanos;
    long gapNanos;
    int tokens;
    int tokenBytes;
    int reasoningTokens;
    int inputTokens;
    int cachedTokens;
    int toolCalls;
    boolean unicode;
    boolean stamped;
    Ending ending = Ending.COMPLETE;
    int endAfter;

    Behaviour(SimulatedProviderOptions options) {
        delayNanos = options.firstTokenDelay().toNanos();
        gapNanos = options.tokenGap().toNanos();
        tokens = options.tokens();
        tokenBytes = options.tokenBytes();
        reasoningTokens = options.reasoningTokens();
        inputTokens = options.inputTokens();
        cachedTokens = options.cachedTokens();
        toolCalls = options.toolCalls() ? 1 : 0;
    }

    /**
     * Applies all directives of a text.
     *
     * @throws IllegalArgumentException for a directive that does not exist or has a wrong value: a test that
     *     misspells one is to fail, not to pass by accident
     */
    void applyAll(CharSequence text) {
        Matcher matcher = DIRECTIVES.matcher(text);
        while (matcher.find()) {
            for (String directive : matcher.group(1).trim().split("\\s+")) {
                int equals = directive.indexOf('=');
                if (equals < 0) {
                    apply(directive, "");
                } else {
                    apply(directive.substring(0, equals), directive.substring(equals + 1));
                }
            }
        }
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

    /** The text without its directives. */
    static String withoutDirectives(CharSequence text) {
        return DIRECTIVES.matcher(text).replaceAll("");
    }

    private void apply(String name, String value) {
        switch (name) {
            case "" -> {}
            case "status" -> status = number(name, value);
            case "retry-after" -> retryAfter = value;
            case "delay" -> delayNanos = nanos(name, value);
            case "gap" -> gapNanos = nanos(name, value);
            case "tokens" -> tokens = number(name, value);
            case "token-bytes" -> tokenBytes = number(name, value);
            case "reasoning" -> reasoningTokens = number(name, value);
            case "input" -> inputTokens = number(name, value);
            case "cached" -> cachedTokens = number(name, value);
            case "tool" -> toolCalls = value.isEmpty() ? 1 : number(name, value);
            case "unicode" -> unicode = true;
            case "stamp" -> stamped = true;
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
        endAfter = number(name, value);
    }

    private static int number(String name, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the directive's name.
        }
        throw new IllegalArgumentException("directive " + name + " wants a number, not '" + value + "'");
    }

    private static long nanos(String name, String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("directive " + name + " wants a duration, not '" + value + "'");
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        return switch (unit == null ? "ms" : unit) {
            case "us" -> amount * 1_000;
            case "s" -> amount * 1_000_000_000;
            case "m" -> amount * 60_000_000_000L;
            default -> amount * 1_000_000;
        };
    }
}
