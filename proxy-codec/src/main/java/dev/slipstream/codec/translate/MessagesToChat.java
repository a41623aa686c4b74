package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.json.JsonTree.ROOT;
import static dev.slipstream.codec.translate.Names.ascii;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.ProviderTraits.Vendor;
import org.jspecify.annotations.Nullable;

/**
 * Translates a request of the Anthropic dialect ({@code POST /v1/messages}) for a provider of the OpenAI dialect ({@code
 * POST /v1/chat/completions}). What has no counterpart is left out, unless the answer would be another one than was asked
 * for: then the request is refused. Reused; confined to one thread at a time.
 */
public final class MessagesToChat {
    private static final byte[] TRUE = ascii("true");
    private static final byte[] WITH_USAGE = ascii("{\"include_usage\":true}");
    private static final byte[] ENABLED_SWITCH = ascii("{\"type\":\"enabled\"}");
    private static final byte[] DISABLED_SWITCH = ascii("{\"type\":\"disabled\"}");
    private static final byte[] BY_SCHEMA =
            ascii("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"schema\":");
    private static final byte[] STRICT = ascii(",\"strict\":");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] JSON_OBJECT = ascii("{\"type\":\"json_object\"}");
    /** Z.AI: an end-user id has 6 characters at least. */
    private static final int ZAI_MIN_USER_CHARS = 6;

    private final Arguments arguments = new Arguments();

    public MessagesToChat() {}

    /**
     * Appends the translated document to {@code out}.
     *
     * @param in parsed, its root an object
     * @param to what the provider understands
     * @param modelJson the model's name as a JSON string, quotes included
     * @param out reset by the caller; may note ranges of {@code in}
     * @param request reset by the caller; is told what the answer's translation needs
     * @return false where it cannot be translated: {@link TranslatedRequest#refusal()} says why, and what is in {@code out}
     *     is of no use
     */
    public boolean translate(
            JsonTree in, ProviderTraits to, byte[] modelJson, JsonOutput out, TranslatedRequest request) {
        ModelRules rules = ModelRules.of(new String(modelJson, 1, modelJson.length - 2, UTF_8), to);
        int stream = in.member(ROOT, Keys.STREAM);
        request.setStreamed(in.isTrue(stream));
        int schema = schema(in);
        boolean isHinted = schema != NONE && !rules.jsonSchema(to);

        out.raw('{').key(Keys.MODEL).raw(modelJson);
        if (!maxTokens(in, to, rules, out, request)) {
            return false;
        }
        if (request.isStreamed()) {
            out.key(Keys.STREAM).raw(TRUE);
            if (to.streamUsage()) {
                out.key(Keys.STREAM_OPTIONS).raw(WITH_USAGE);
            }
        }
        out.key(Keys.MESSAGES);
        if (!new ChatHistory(in, out, to, rules, request, arguments).write(isHinted ? schema : NONE)
                || !new ChatTools(in, out, to, rules, request).write()) {
            return false;
        }
        if (schema != NONE) {
            format(in, schema, isHinted, out);
        }
        reasoning(in, to, rules, out);
        if (!stop(in, rules.maxStop(to), out, request) || !sampling(in, to, rules, out, request)) {
            return false;
        }
        user(in, to, out);
        serviceTier(in, to, out);
        out.raw('}');
        return true;
    }

    // ------------------------------------------------------------------ limits

    private static boolean maxTokens(
            JsonTree in, ProviderTraits to, ModelRules rules, JsonOutput out, TranslatedRequest request) {
        int maxTokens = in.member(ROOT, Keys.MAX_TOKENS);
        if (!in.isPresent(maxTokens)) {
            return Refusal.of(request, Dialect.ANTHROPIC, in, ROOT, "max_tokens", "Field required");
        }
        long tokens = in.integer(maxTokens, -1);
        if (tokens < 0) {
            return Refusal.of(request, Dialect.ANTHROPIC, in, maxTokens, "must be a whole number, 0 or above");
        }
        out.key(
                switch (to.maxTokensField()) {
                    case MAX_TOKENS -> Keys.MAX_TOKENS;
                    case MAX_COMPLETION_TOKENS -> Keys.MAX_COMPLETION_TOKENS;
                });
        // 0 warms Anthropic's cache; servers of this dialect refuse it.
        out.number(rules.clamped(Math.max(1, tokens), to));
        return true;
    }

    private static boolean stop(JsonTree in, int max, JsonOutput out, TranslatedRequest request) {
        int sequences = in.member(ROOT, Keys.STOP_SEQUENCES);
        if (!in.isPresent(sequences)) {
            return true;
        }
        if (!in.isArray(sequences)) {
            return Refusal.of(request, Dialect.ANTHROPIC, in, sequences, "must be a list of strings");
        }
        int before = out.length();
        out.key(Keys.STOP).raw('[');
        int count = 0;
        for (int one = in.first(sequences); one != NONE; one = in.next(sequences, one)) {
            if (!in.isString(one)) {
                return Refusal.of(request, Dialect.ANTHROPIC, in, one, "must be a string");
            }
            if (count < max && !in.isEmptyString(one)) {
                out.comma().raw('"').content(in, one).raw('"');
                count++;
            }
        }
        if (count == 0) {
            out.truncate(before);
        } else {
            out.raw(']');
        }
        return true;
    }

    private static boolean sampling(
            JsonTree in, ProviderTraits to, ModelRules rules, JsonOutput out, TranslatedRequest request) {
        if (!rules.sampling(to)) {
            return true;
        }
        int temperature = in.member(ROOT, Keys.TEMPERATURE);
        int topP = in.member(ROOT, Keys.TOP_P);
        int topK = in.member(ROOT, Keys.TOP_K);
        for (int figure : new int[] {temperature, topP, topK}) {
            if (in.isPresent(figure) && !in.isNumber(figure)) {
                return Refusal.of(request, Dialect.ANTHROPIC, in, figure, "must be a number");
            }
        }
        boolean hasTemperature = in.isNumber(temperature);
        if (hasTemperature) {
            Sampling.temperature(out, in, temperature, to.maxTemperature());
        }
        if (in.isNumber(topP) && (to.samplingPair() || !hasTemperature)) {
            out.key(Keys.TOP_P).value(in, topP);
        }
        if (in.isNumber(topK) && to.topK()) {
            out.key(Keys.TOP_K).value(in, topK);
        }
        return true;
    }

    // ------------------------------------------------------------------ thinking

    private static void reasoning(JsonTree in, ProviderTraits to, ModelRules rules, JsonOutput out) {
        int thinking = in.member(ROOT, Keys.THINKING);
        int type = in.member(thinking, Keys.TYPE);
        boolean isOff = in.textIs(type, Keys.DISABLED);
        boolean isOn = in.textIs(type, Keys.ENABLED) || in.textIs(type, Keys.ADAPTIVE);
        Effort effort = isOff ? null : effort(in, thinking, isOn);
        switch (to.reasoning()) {
            case NONE -> {}
            case BUDGET, EFFORT -> effort(effort, rules, out);
            case SWITCH -> {
                if (isOn || (isOff && rules.thinkingOff())) {
                    out.key(Keys.THINKING).raw(isOn ? ENABLED_SWITCH : DISABLED_SWITCH);
                }
                if (rules.efforts() != ModelRules.Efforts.ALL) {
                    effort(effort, rules, out);
                }
            }
        }
    }

    /** How much the client wants thought; null: it does not say. */
    private static @Nullable Effort effort(JsonTree in, int thinking, boolean isOn) {
        Effort asked = Effort.of(in, in.member(in.member(ROOT, Keys.OUTPUT_CONFIG), Keys.EFFORT));
        if (asked != null || !isOn) {
            return asked;
        }
        long budget = in.integer(in.member(thinking, Keys.BUDGET_TOKENS), -1);
        // Adaptive, and nothing said: Anthropic's default is high.
        return budget < 0 ? Effort.HIGH : Effort.ofBudget(budget);
    }

    private static void effort(@Nullable Effort effort, ModelRules rules, JsonOutput out) {
        if (effort == null) {
            return;
        }
        boolean isMost = effort == Effort.XHIGH || effort == Effort.MAX;
        boolean isLow = effort.compareTo(Effort.LOW) <= 0;
        Effort written = switch (rules.efforts()) {
            case NONE -> null;
            case UP_TO_HIGH -> isMost ? Effort.HIGH : effort;
            case ALL -> isMost ? Effort.XHIGH : effort;
            case HIGH_OR_MAX -> isMost ? Effort.MAX : Effort.HIGH;
            case LOW_HIGH_OR_MAX -> isMost ? Effort.MAX : isLow ? Effort.LOW : Effort.HIGH;
        };
        if (written != null) {
            out.key(Keys.REASONING_EFFORT).raw('"').raw(written.word()).raw('"');
        }
    }

    // ------------------------------------------------------------------ format

    /** The schema that the answer is to be of, or NONE. */
    private static int schema(JsonTree in) {
        int format = in.member(in.member(ROOT, Keys.OUTPUT_CONFIG), Keys.FORMAT);
        if (!in.isObject(format)) {
            format = in.member(ROOT, Keys.OUTPUT_FORMAT);
        }
        int schema = in.member(format, Keys.SCHEMA);
        return in.textIs(in.member(format, Keys.TYPE), Keys.JSON_SCHEMA) && in.isObject(schema) ? schema : NONE;
    }

    private static void format(JsonTree in, int schema, boolean isHinted, JsonOutput out) {
        out.key(Keys.RESPONSE_FORMAT);
        if (isHinted) {
            out.raw(JSON_OBJECT);
        } else {
            out.raw(BY_SCHEMA).value(in, schema);
            out.raw(STRICT)
                    .raw(Schemas.isStrict(in, schema) ? TRUE : FALSE)
                    .raw('}')
                    .raw('}');
        }
    }

    // ------------------------------------------------------------------ who asks

    private static void user(JsonTree in, ProviderTraits to, JsonOutput out) {
        int id = in.member(in.member(ROOT, Keys.METADATA), Keys.USER_ID);
        if (!in.isString(id) || in.isEmptyString(id) || to.vendor() == Vendor.MISTRAL) {
            return;
        }
        boolean isZai = to.vendor() == Vendor.ZAI;
        String user = in.string(id);
        boolean fits = user.length() <= to.maxUserChars() && (!isZai || user.length() >= ZAI_MIN_USER_CHARS);
        out.key(isZai ? Keys.USER_ID : Keys.USER);
        if (fits) {
            out.value(in, id);
        } else {
            out.string(UserIds.substitute(user, to.maxUserChars()));
        }
    }

    private static void serviceTier(JsonTree in, ProviderTraits to, JsonOutput out) {
        int tier = in.member(ROOT, Keys.SERVICE_TIER);
        if (to.vendor() == Vendor.OPENAI) {
            if (in.textIs(tier, Keys.AUTO)) {
                out.key(Keys.SERVICE_TIER).raw('"').raw(Keys.AUTO).raw('"');
            } else if (in.textIs(tier, Keys.STANDARD_ONLY)) {
                out.key(Keys.SERVICE_TIER).raw('"').raw(Keys.DEFAULT).raw('"');
            }
        }
    }
}
