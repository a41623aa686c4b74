package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.json.JsonTree.ROOT;
import static dev.slipstream.codec.translate.Names.ascii;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.ProviderTraits.Vendor;

/**
 * Translates a request of the OpenAI dialect ({@code POST /v1/chat/completions}) for a provider of the Anthropic dialect
 * ({@code POST /v1/messages}). What has no counterpart is left out, for Anthropic refuses fields it does not know, unless
 * the answer would be another one than was asked for: then the request is refused. Reused; confined to one thread at a
 * time.
 */
public final class ChatToMessages {
    private static final byte[] TRUE = ascii("true");
    private static final byte[] AUDIO = ascii("audio");
    private static final byte[] BY_SCHEMA = ascii("{\"type\":\"json_schema\",\"schema\":");
    private static final double MIN_THINKING_TOP_P = 0.95;

    private final Arguments arguments = new Arguments();

    public ChatToMessages() {}

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
        request.setStreamed(in.isTrue(in.member(ROOT, Keys.STREAM)));
        request.setUsageWanted(in.isTrue(in.member(in.member(ROOT, Keys.STREAM_OPTIONS), Keys.INCLUDE_USAGE)));
        MessagesTools tools = new MessagesTools(in, out, to, rules, request);
        if (!MessageShape.check(in, Dialect.OPENAI, MessagesHistory.ROLES, request)
                || !isOneAnswerOfText(in, request)
                || !tools.read()) {
            return false;
        }
        int limit = limit(in);
        long askedMaxTokens = limit == NONE ? 0 : in.integer(limit, -1);
        if (limit != NONE && askedMaxTokens < 1) {
            return refuse(in, limit, "must be a whole number above 0", request);
        }
        MessagesContent content = new MessagesContent(in, out, to, request);
        MessagesHistory history = new MessagesHistory(in, out, to, rules, request, arguments, content);
        boolean isBarred = tools.isForced() || history.endsWithAssistant() || history.lacksSignedThinking();
        ThinkingPlan thinking = new ThinkingPlan(in, to, rules, askedMaxTokens, isBarred);

        out.raw('{').key(Keys.MODEL).raw(modelJson);
        out.key(Keys.MAX_TOKENS).number(thinking.maxTokens());
        if (request.isStreamed()) {
            out.key(Keys.STREAM).raw(TRUE);
        }
        int format = in.member(ROOT, Keys.RESPONSE_FORMAT);
        int schema = schema(in, format);
        boolean isHinted = schema != NONE && !rules.jsonSchema(to);
        boolean asksForJson = schema == NONE && asksForJson(in, format);
        history.system(asksForJson, isHinted ? schema : NONE);
        out.key(Keys.MESSAGES);
        if (!history.write()) {
            return false;
        }
        tools.write(content);
        thinking.write(out);
        outputConfig(in, thinking, isHinted ? NONE : schema, out);
        if (!sampling(in, to, rules, thinking.isThinking(), out, request)) {
            return false;
        }
        stop(in, rules.maxStop(to), out);
        user(in, to, out);
        serviceTier(in, to, out);
        out.raw('}');
        return true;
    }

    private static boolean refuse(JsonTree in, int value, String why, TranslatedRequest request) {
        return Refusal.of(request, Dialect.OPENAI, in, value, why);
    }

    // ------------------------------------------------------------------ limits

    private static boolean isOneAnswerOfText(JsonTree in, TranslatedRequest request) {
        int n = in.member(ROOT, Keys.N);
        if (in.isPresent(n) && in.integer(n, 0) != 1) {
            return refuse(in, n, "this model's provider gives one answer only", request);
        }
        int modalities = in.member(ROOT, Keys.MODALITIES);
        for (int one = in.first(modalities); one != NONE; one = in.next(modalities, one)) {
            if (in.textIs(one, AUDIO)) {
                return refuse(in, one, "this model's provider gives no audio", request);
            }
        }
        return true;
    }

    /** The newer of the two names wins; NONE: neither is there. */
    private static int limit(JsonTree in) {
        int newer = in.member(ROOT, Keys.MAX_COMPLETION_TOKENS);
        int older = in.member(ROOT, Keys.MAX_TOKENS);
        if (in.isPresent(newer)) {
            return newer;
        }
        return in.isPresent(older) ? older : NONE;
    }

    private static void stop(JsonTree in, int max, JsonOutput out) {
        int stop = in.member(ROOT, Keys.STOP);
        int before = out.length();
        out.key(Keys.STOP_SEQUENCES).raw('[');
        int count = 0;
        if (in.isString(stop)) {
            count = stopSequence(in, stop, count, max, out);
        } else if (in.isArray(stop)) {
            for (int one = in.first(stop); one != NONE; one = in.next(stop, one)) {
                count = stopSequence(in, one, count, max, out);
            }
        }
        if (count == 0) {
            out.truncate(before);
        } else {
            out.raw(']');
        }
    }

    /** Anthropic refuses one of white space alone. */
    private static int stopSequence(JsonTree in, int sequence, int count, int max, JsonOutput out) {
        if (!in.isString(sequence) || RawText.isBlank(in, sequence) || count >= max) {
            return count;
        }
        out.comma().raw('"').content(in, sequence).raw('"');
        return count + 1;
    }

    private static boolean sampling(
            JsonTree in,
            ProviderTraits to,
            ModelRules rules,
            boolean isThinking,
            JsonOutput out,
            TranslatedRequest request) {
        int temperature = in.member(ROOT, Keys.TEMPERATURE);
        int topP = in.member(ROOT, Keys.TOP_P);
        int topK = in.member(ROOT, Keys.TOP_K);
        for (int figure : new int[] {temperature, topP, topK}) {
            if (in.isPresent(figure) && !in.isNumber(figure)) {
                return refuse(in, figure, "must be a number", request);
            }
        }
        if (!rules.sampling(to)) {
            return true;
        }
        // With thinking Anthropic takes no temperature but 1, no top_k, and a top_p near 1 alone.
        boolean hasTemperature = in.isNumber(temperature) && !isThinking;
        if (hasTemperature) {
            Sampling.temperature(out, in, temperature, to.maxTemperature());
        }
        if (in.isNumber(topP)
                && (to.samplingPair() || !hasTemperature)
                && (!isThinking || in.real(topP, 0) >= MIN_THINKING_TOP_P)) {
            out.key(Keys.TOP_P).value(in, topP);
        }
        if (in.isNumber(topK) && to.topK() && !isThinking) {
            out.key(Keys.TOP_K).value(in, topK);
        }
        return true;
    }

    // ------------------------------------------------------------------ format

    private static int schema(JsonTree in, int format) {
        int schema = in.member(in.member(format, Keys.JSON_SCHEMA), Keys.SCHEMA);
        return in.textIs(in.member(format, Keys.TYPE), Keys.JSON_SCHEMA) && in.isObject(schema) ? schema : NONE;
    }

    private static boolean asksForJson(JsonTree in, int format) {
        int type = in.member(format, Keys.TYPE);
        return in.textIs(type, Keys.JSON_OBJECT) || in.textIs(type, Keys.JSON_SCHEMA);
    }

    private static void outputConfig(JsonTree in, ThinkingPlan thinking, int schema, JsonOutput out) {
        Effort effort = thinking.effort();
        if (effort == null && schema == NONE) {
            return;
        }
        out.key(Keys.OUTPUT_CONFIG).raw('{');
        if (effort != null) {
            out.key(Keys.EFFORT).raw('"').raw(effort.word()).raw('"');
        }
        if (schema != NONE) {
            out.key(Keys.FORMAT).raw(BY_SCHEMA);
            Schemas.closed(out, in, schema);
            out.raw('}');
        }
        out.raw('}');
    }

    // ------------------------------------------------------------------ who asks

    private static void user(JsonTree in, ProviderTraits to, JsonOutput out) {
        int user = in.member(ROOT, Keys.SAFETY_IDENTIFIER);
        if (!in.isString(user)) {
            user = in.member(ROOT, Keys.USER);
        }
        if (in.isString(user) && !in.isEmptyString(user)) {
            out.key(Keys.METADATA).raw('{').key(Keys.USER_ID);
            out.string(UserIds.anthropic(in.string(user), to.maxUserChars())).raw('}');
        }
    }

    private static void serviceTier(JsonTree in, ProviderTraits to, JsonOutput out) {
        int tier = in.member(ROOT, Keys.SERVICE_TIER);
        if (to.vendor() == Vendor.ANTHROPIC) {
            if (in.textIs(tier, Keys.AUTO)) {
                out.key(Keys.SERVICE_TIER).raw('"').raw(Keys.AUTO).raw('"');
            } else if (in.textIs(tier, Keys.DEFAULT)) {
                out.key(Keys.SERVICE_TIER).raw('"').raw(Keys.STANDARD_ONLY).raw('"');
            }
        }
    }
}
