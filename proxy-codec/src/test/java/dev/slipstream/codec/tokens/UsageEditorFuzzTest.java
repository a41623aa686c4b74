package dev.slipstream.codec.tokens;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Any bytes: never throws; where they are JSON, what changes is the digits of input-side figures, and sums and subsets
 * stay what they were ({@link ScaledDocument}). Runs over its seeds as an ordinary test; {@code scripts/fuzz} fuzzes.
 */
class UsageEditorFuzzTest {
    private static final TokenScale[] SCALES = {
        new TokenScale(200_000, 131_072), new TokenScale(200_000, 1_000_000), new TokenScale(10_000_000, 1)
    };

    @FuzzTest(maxDuration = "5m")
    void onlyInputTokensChange(byte[] json) {
        ScaledDocument document = new ScaledDocument();
        for (TokenScale scale : SCALES) {
            document.edit(json, scale);
        }
    }
}
