package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.ROOT;
import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.ProviderTraits.Reasoning;
import org.jspecify.annotations.Nullable;

/**
 * How a Claude model is asked to think, and how many tokens it may answer with: the two depend on each other, for a
 * budget of thinking lies within the limit of the answer. One per request.
 */
final class ThinkingPlan {
    private static final byte[] EFFORT = ascii("effort");
    private static final byte[] REASONING = ascii("reasoning");
    private static final byte[] ADAPTIVE_THINKING = ascii("{\"type\":\"adaptive\"}");
    private static final byte[] BUDGET = ascii("{\"type\":\"enabled\",\"budget_tokens\":");

    private final long maxTokens;
    private final long budgetTokens;
    private final boolean isAdaptive;
    private final @Nullable Effort effort;

    /**
     * @param askedMaxTokens what the client named; 0: nothing
     * @param isBarred whether thinking is refused in this place: a tool is forced, an answer is to be gone on with, or
     *     the thinking that led to the last calls is missing
     */
    ThinkingPlan(JsonTree in, ProviderTraits to, ModelRules rules, long askedMaxTokens, boolean isBarred) {
        Reasoning reasoning = rules.reasoning(to);
        Effort asked = asked(in);
        boolean isWanted = asked != Effort.NONE && reasoning != Reasoning.NONE;
        isAdaptive = isWanted && !isBarred && reasoning == Reasoning.EFFORT;
        effort = isWanted && reasoning == Reasoning.EFFORT ? fitting(asked, rules) : null;
        boolean isBudgeted = isWanted && !isBarred && reasoning != Reasoning.EFFORT;
        long budget = isBudgeted ? budget(in, asked) : 0;
        // A client that named no limit loses nothing to the thinking; one that did leaves half of it to the answer.
        long limit = askedMaxTokens > 0 ? askedMaxTokens : to.defaultMaxTokens() + budget;
        maxTokens = rules.clamped(limit, to);
        long least = Math.min(budget, maxTokens / 2);
        budgetTokens = least < Effort.MIN_BUDGET_TOKENS ? 0 : least;
    }

    /** What the client says in any of the ways that clients of this dialect have. */
    private static Effort asked(JsonTree in) {
        Effort effort = Effort.of(in, in.member(ROOT, Keys.REASONING_EFFORT));
        if (effort != null) {
            return effort;
        }
        // OpenRouter's way.
        int reasoning = in.member(ROOT, REASONING);
        effort = Effort.of(in, in.member(reasoning, EFFORT));
        if (effort != null) {
            return effort;
        }
        // Z.AI's way.
        int type = in.member(in.member(ROOT, Keys.THINKING), Keys.TYPE);
        boolean isOn = in.textIs(type, Keys.ENABLED)
                || in.textIs(type, Keys.ADAPTIVE)
                || in.isTrue(in.member(reasoning, Keys.ENABLED))
                || in.isNumber(in.member(reasoning, Keys.MAX_TOKENS));
        return isOn ? Effort.MEDIUM : Effort.NONE;
    }

    private static long budget(JsonTree in, Effort asked) {
        long named = in.integer(in.member(in.member(ROOT, REASONING), Keys.MAX_TOKENS), 0);
        if (named <= 0) {
            named = in.integer(in.member(in.member(ROOT, Keys.THINKING), Keys.BUDGET_TOKENS), 0);
        }
        // Beyond what any model gives, so that sums stay sums.
        return named > 0 ? Math.min(Math.max(named, Effort.MIN_BUDGET_TOKENS), 1 << 20) : asked.budgetTokens();
    }

    private static Effort fitting(Effort asked, ModelRules rules) {
        if (asked == Effort.MINIMAL) {
            return Effort.LOW;
        }
        boolean isMost = asked == Effort.XHIGH || asked == Effort.MAX;
        return isMost && rules.efforts() == ModelRules.Efforts.UP_TO_HIGH ? Effort.HIGH : asked;
    }

    /** The limit of the answer, thinking included. */
    long maxTokens() {
        return maxTokens;
    }

    boolean isThinking() {
        return isAdaptive || budgetTokens > 0;
    }

    /** How much to think, in a word, for models that take one; null: unsaid. */
    @Nullable
    Effort effort() {
        return effort;
    }

    /** Appends the member {@code thinking}, where there is any. */
    void write(JsonOutput out) {
        if (isAdaptive) {
            out.key(Keys.THINKING).raw(ADAPTIVE_THINKING);
        } else if (budgetTokens > 0) {
            out.key(Keys.THINKING).raw(BUDGET).number(budgetTokens).raw('}');
        }
    }
}
