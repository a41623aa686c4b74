package dev.slipstream.bench.upstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one answer, in the three forms they are told in.
 *
 * @param input all input tokens, cached ones included
 * @param output all output tokens, reasoning included
 */
record Usage(int input, int cached, int output, int reasoning) {
    /** OpenAI's parts are subsets of the whole. */
    Map<String, @Nullable Object> chat() {
        return Json.object(
                "prompt_tokens",
                input,
                "completion_tokens",
                output,
                "total_tokens",
                input + output,
                "prompt_tokens_details",
                Json.object("cached_tokens", cached, "audio_tokens", 0),
                "completion_tokens_details",
                Json.object(
                        "reasoning_tokens",
                        reasoning,
                        "audio_tokens",
                        0,
                        "accepted_prediction_tokens",
                        0,
                        "rejected_prediction_tokens",
                        0));
    }

    Map<String, @Nullable Object> responses() {
        return Json.object(
                "input_tokens",
                input,
                "input_tokens_details",
                Json.object("cached_tokens", cached, "cache_write_tokens", 0),
                "output_tokens",
                output,
                "output_tokens_details",
                Json.object("reasoning_tokens", reasoning),
                "total_tokens",
                input + output);
    }

    /**
     * Anthropic's parts are disjoint.
     *
     * @param outputSoFar a stream begins with a figure that is not final
     */
    Map<String, @Nullable Object> anthropic(int outputSoFar) {
        return Json.object(
                "input_tokens",
                input - cached,
                "cache_creation_input_tokens",
                0,
                "cache_read_input_tokens",
                cached,
                "cache_creation",
                Json.object("ephemeral_5m_input_tokens", 0, "ephemeral_1h_input_tokens", 0),
                "output_tokens",
                outputSoFar,
                "service_tier",
                "standard");
    }
}
