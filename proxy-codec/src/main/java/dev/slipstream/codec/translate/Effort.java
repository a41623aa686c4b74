package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonTree;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much to think: OpenAI's words for it, Anthropic's budgets of tokens, and how each becomes the other. No two proxies
 * agree on the figures; these are such that a word comes back as itself.
 */
enum Effort {
    NONE(0),
    MINIMAL(1024),
    LOW(1024),
    MEDIUM(2048),
    HIGH(4096),
    XHIGH(8192),
    MAX(16384);

    /** Anthropic's least budget. */
    static final long MIN_BUDGET_TOKENS = 1024;

    private static final Effort[] ALL = values();

    @SuppressWarnings("ImmutableEnumChecker") // written to by nobody: it never leaves the package
    private final byte[] word;

    private final long budgetTokens;

    Effort(long budgetTokens) {
        this.word = ascii(name().toLowerCase(Locale.ROOT));
        this.budgetTokens = budgetTokens;
    }

    /** The effort that {@code value} names; null where it names none. */
    static @Nullable Effort of(JsonTree tree, int value) {
        for (Effort effort : ALL) {
            if (tree.textIs(value, effort.word)) {
                return effort;
            }
        }
        return null;
    }

    /** The effort of a budget; never above high, for what is above is known to few models. */
    static Effort ofBudget(long tokens) {
        if (tokens < MEDIUM.budgetTokens) {
            return LOW;
        }
        return tokens < HIGH.budgetTokens ? MEDIUM : HIGH;
    }

    byte[] word() {
        return word;
    }

    long budgetTokens() {
        return budgetTokens;
    }
}
