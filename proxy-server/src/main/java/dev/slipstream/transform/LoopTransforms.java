package dev.slipstream.transform;

import dev.slipstream.exchange.WholeBody;
import dev.slipstream.limit.ByteBudget;

/**
 * What a loop has once for all the translating on it; its exchanges take turns.
 *
 * @param wholeBody reads bodies
 * @param answers edits answers
 * @param tokenCounts counts what no provider counts
 */
public record LoopTransforms(WholeBody wholeBody, AnswerTransforms answers, TokenCounts tokenCounts) {
    /** @param heldBytes what answers are charged to that are held until they are complete */
    public static LoopTransforms of(ByteBudget heldBytes) {
        WholeBody wholeBody = new WholeBody();
        return new LoopTransforms(wholeBody, new AnswerTransforms(heldBytes), new TokenCounts(wholeBody));
    }
}
