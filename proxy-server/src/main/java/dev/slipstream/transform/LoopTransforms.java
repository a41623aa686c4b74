package dev.slipstream.transform;

import dev.slipstream.exchange.WholeBody;
import dev.slipstream.limit.Limits;

/**
 * What a loop has once for all the translating on it; its exchanges take turns.
 *
 * @param wholeBody reads bodies
 * @param answers edits answers
 * @param tokenCounts counts what no provider counts
 */
public record LoopTransforms(WholeBody wholeBody, AnswerTransforms answers, TokenCounts tokenCounts) {
    /** Of a loop whose bytes are charged to {@code limits}. */
    public static LoopTransforms of(Limits limits) {
        WholeBody wholeBody = new WholeBody();
        return new LoopTransforms(wholeBody, new AnswerTransforms(limits), new TokenCounts(wholeBody));
    }
}
