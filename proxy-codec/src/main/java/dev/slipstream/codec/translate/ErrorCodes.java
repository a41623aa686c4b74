package dev.slipstream.codec.translate;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the words and numbers of providers' errors mean. */
final class ErrorCodes {
    /** An error without any sign of whose it is: the provider's. */
    private static final int UNKNOWN = 502;

    /** Types and codes, of either dialect and of vendors, by the status that goes with them. */
    private static final Map<String, Integer> STATUSES = Map.ofEntries(
            Map.entry("invalid_request_error", 400),
            Map.entry("authentication_error", 401),
            Map.entry("invalid_api_key", 401),
            Map.entry("invalid_authentication", 401),
            Map.entry("billing_error", 402),
            Map.entry("permission_error", 403),
            Map.entry("not_found_error", 404),
            Map.entry("model_not_found", 404),
            Map.entry("not_found", 404),
            Map.entry("conflict_error", 409),
            Map.entry("request_too_large", 413),
            Map.entry("insufficient_quota", 429),
            Map.entry("rate_limit_error", 429),
            Map.entry("rate_limit_exceeded", 429),
            Map.entry("ratelimitreached", 429),
            Map.entry("too_many_requests", 429),
            Map.entry("resource_exhausted", 429),
            Map.entry("requests", 429),
            Map.entry("tokens", 429),
            Map.entry("api_error", 500),
            Map.entry("server_error", 500),
            Map.entry("internal_server_error", 500),
            Map.entry("internal_error", 500),
            Map.entry("service_unavailable", 503),
            Map.entry("unavailable", 503),
            Map.entry("timeout", 504),
            Map.entry("timeout_error", 504),
            Map.entry("overloaded", 529),
            Map.entry("overloaded_error", 529),
            Map.entry("engine_overloaded_error", 529),
            // Codes of 400 whose type some providers leave out.
            Map.entry("context_length_exceeded", 400),
            Map.entry("tool_use_failed", 400),
            Map.entry("content_filter", 400),
            // Z.AI's numbers.
            Map.entry("1000", 401),
            Map.entry("1001", 401),
            Map.entry("1002", 401),
            Map.entry("1003", 401),
            Map.entry("1004", 401),
            Map.entry("1113", 429),
            Map.entry("1210", 400),
            Map.entry("1211", 400),
            Map.entry("1214", 400),
            Map.entry("1261", 400),
            Map.entry("1301", 400),
            Map.entry("1302", 429),
            Map.entry("1303", 429),
            Map.entry("1304", 429),
            Map.entry("1305", 529),
            Map.entry("1308", 429),
            Map.entry("1309", 429),
            Map.entry("1310", 429),
            Map.entry("1311", 429),
            Map.entry("1312", 529),
            Map.entry("1313", 429));

    /**
     * How providers say that a prompt does not fit. Wide enough to catch them all costs a needless compaction at worst;
     * a form that is missed leaves a client with a conversation that it cannot go on with.
     */
    private static final Pattern CONTEXT_OVERFLOW = Pattern.compile(
            // OpenAI, DeepSeek, vLLM, OpenRouter; xAI says prompt length.
            "maximum (context|prompt) length"
                    + "|context_length_exceeded|too_many_prompt_tokens"
                    // Anthropic, Ollama, Bedrock.
                    + "|prompt (is )?too long|input is too long"
                    + "|input length and `?max_tokens`? exceed"
                    // OpenAI's newer form, llama.cpp, Google.
                    + "|exceeds? (the|your|this model'?s?) (available )?context"
                    + "|input token count .{0,40}exceeds",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern STATUS_FIRST = Pattern.compile("([45][0-9]{2})\\b.*", Pattern.DOTALL);
    private static final Pattern OVERLOADED = Pattern.compile("overloaded|over capacity", Pattern.CASE_INSENSITIVE);

    private ErrorCodes() {}

    /** Whether an HTTP status tells of an error. */
    static boolean isError(int status) {
        return status >= 400 && status <= 599;
    }

    /** The status that goes with an error which came with a success. */
    static int status(ErrorShape shape) {
        Matcher first = STATUS_FIRST.matcher(shape.message());
        if ("500".equals(shape.code()) && first.matches()) {
            // Z.AI's gateway: code 500, message "404 NOT_FOUND".
            return Integer.parseInt(first.group(1));
        }
        int status = status(shape.code());
        if (status == 0) {
            status = status(shape.type());
        }
        return status == 0 ? UNKNOWN : status;
    }

    /** 0 where the word says nothing. */
    private static int status(@Nullable String word) {
        if (word == null) {
            return 0;
        }
        Integer known = STATUSES.get(word.toLowerCase(Locale.ROOT));
        if (known != null) {
            return known;
        }
        // OpenRouter, Perplexity and Google send the status itself.
        return word.length() == 3 && STATUS_FIRST.matcher(word).matches() ? Integer.parseInt(word) : 0;
    }

    /** Whether the prompt, with what is to be answered, does not fit the model's context. */
    static boolean isContextOverflow(ErrorShape shape) {
        return "1261".equals(shape.code())
                || isOverflow(shape.code())
                || isOverflow(shape.type())
                || isOverflow(shape.message());
    }

    private static boolean isOverflow(@Nullable String text) {
        return text != null && CONTEXT_OVERFLOW.matcher(text).find();
    }

    /** Whether the provider has too much to do, and not with this client: 529, Z.AI's 1305 and 1312, a 503 that says so. */
    static boolean isOverloaded(int httpStatus, ErrorShape shape) {
        if (httpStatus == 529 || "1305".equals(shape.code()) || "1312".equals(shape.code())) {
            return true;
        }
        int status = isError(httpStatus) ? httpStatus : status(shape);
        boolean saysSo = says(shape.code()) || says(shape.type()) || says(shape.message());
        return status == 529 || (status == 503 && saysSo);
    }

    private static boolean says(@Nullable String text) {
        return text != null && OVERLOADED.matcher(text).find();
    }

    /** Whether {@code text} contains {@code part}, which is in lower case, in any case. */
    static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part);
    }
}
