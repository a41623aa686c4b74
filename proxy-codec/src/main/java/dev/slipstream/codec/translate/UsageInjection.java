package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/**
 * Asks a provider of the OpenAI dialect for the usage of a stream where the client did not. All else stays as the client
 * wrote it, byte for byte.
 */
public final class UsageInjection {
    private static final byte[] MODEL = ascii("model");
    private static final byte[] STREAM = ascii("stream");
    private static final byte[] STREAM_OPTIONS = ascii("stream_options");
    private static final byte[] INCLUDE_USAGE = ascii("include_usage");
    private static final byte[] ASK = ascii("\"include_usage\":true");
    private static final byte[] ASK_WITH_OPTIONS = ascii("\"stream_options\":{\"include_usage\":true}");
    private static final byte[] OPTIONS = ascii("{\"include_usage\":true}");

    private UsageInjection() {}

    /**
     * Appends the request with the question in it.
     *
     * @param modelJson what the provider calls the model, a JSON string with its quotes
     * @return false, and nothing appended, where the request is no stream, or asks already
     */
    public static boolean inject(JsonTree in, byte[] modelJson, JsonOutput out, TranslatedRequest request) {
        if (!in.isTrue(in.member(JsonTree.ROOT, STREAM))) {
            return false;
        }
        int options = in.member(JsonTree.ROOT, STREAM_OPTIONS);
        int include = in.member(options, INCLUDE_USAGE);
        if (in.isTrue(include)) {
            return false;
        }
        request.setStreamed(true);
        int model = in.member(JsonTree.ROOT, MODEL);
        int at = in.start(JsonTree.ROOT);
        // The members stand in any order: what is replaced is met in the order of the text.
        for (int member = in.first(JsonTree.ROOT); member != JsonTree.NONE; member = in.next(JsonTree.ROOT, member)) {
            if (member == model) {
                out.range(in, at, in.start(member)).raw(modelJson);
                at = in.end(member);
            } else if (member == options) {
                at = options(in, options, include, at, out);
            }
        }
        int end = in.end(JsonTree.ROOT) - 1;
        out.range(in, at, end);
        if (options == JsonTree.NONE) {
            out.raw(',').raw(ASK_WITH_OPTIONS);
        }
        out.range(in, end, end + 1);
        return true;
    }

    /** Writes from {@code at} up to and with the options; gives back where they end. */
    private static int options(JsonTree in, int options, int include, int at, JsonOutput out) {
        if (!in.isObject(options)) {
            out.range(in, at, in.start(options)).raw(OPTIONS);
        } else if (include != JsonTree.NONE) {
            out.range(in, at, in.keyStart(include)).raw(ASK);
            out.range(in, in.end(include), in.end(options));
        } else {
            out.range(in, at, in.start(options) + 1).raw(ASK);
            if (in.first(options) != JsonTree.NONE) {
                out.raw(',');
            }
            out.range(in, in.start(options) + 1, in.end(options));
        }
        return in.end(options);
    }
}
