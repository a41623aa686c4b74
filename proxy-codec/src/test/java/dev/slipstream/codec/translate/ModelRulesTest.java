package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.translate.ModelRules.Efforts;
import dev.slipstream.codec.translate.ProviderTraits.Reasoning;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the names of models tell. */
class ModelRulesTest {
    private static final long MUCH = 1_000_000;

    @ParameterizedTest
    @CsvSource({
        "claude-3-haiku-20240307, NONE, true, false, 4096",
        "claude-3-5-sonnet-20241022, NONE, true, false, 8192",
        "claude-3-7-sonnet-latest, BUDGET, true, false, 64000",
        "claude-sonnet-4-20250514, BUDGET, true, false, 64000",
        "claude-opus-4-1-20250805, BUDGET, true, true, 32000",
        "claude-sonnet-4-5, BUDGET, true, true, 64000",
        "anthropic/claude-sonnet-4.5, BUDGET, true, true, 64000",
        "us.anthropic.claude-haiku-4-5-20251001-v1:0, BUDGET, true, true, 64000",
        "claude-opus-4-6, EFFORT, true, true, 128000",
        "claude-opus-4-7, EFFORT, false, true, 128000",
        "claude-sonnet-5, EFFORT, false, true, 128000",
        "claude, BUDGET, true, true, 1000000",
        "my-model, BUDGET, true, true, 1000000",
    })
    void claudes(String model, Reasoning reasoning, boolean sampling, boolean jsonSchema, long maxOutput) {
        ModelRules rules = ModelRules.of(model, ProviderTraits.ANTHROPIC);
        assertEquals(reasoning, rules.reasoning(ProviderTraits.ANTHROPIC));
        assertEquals(sampling, rules.sampling(ProviderTraits.ANTHROPIC));
        assertEquals(jsonSchema, rules.jsonSchema(ProviderTraits.ANTHROPIC));
        assertEquals(maxOutput, rules.clamped(MUCH, ProviderTraits.ANTHROPIC));
        assertEquals(5, rules.clamped(MUCH, ProviderTraits.ANTHROPIC.withMaxOutputTokens(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o-mini, NONE, true, 4, 16384",
        "gpt-4.1, NONE, true, 4, 32768",
        "gpt-5-chat-latest, NONE, true, 4, 16384",
        "o3-mini, UP_TO_HIGH, false, 0, 100000",
        "o1, UP_TO_HIGH, false, 4, 100000",
        "gpt-5, UP_TO_HIGH, false, 4, 128000",
        "gpt-5.1, UP_TO_HIGH, false, 4, 128000",
        "gpt-5.2-pro, ALL, false, 4, 128000",
        "openai/gpt-5.1-codex-max, ALL, false, 4, 128000",
        "my-deployment, NONE, true, 4, 1000000",
    })
    void openAis(String model, Efforts efforts, boolean sampling, int maxStop, long maxOutput) {
        ModelRules rules = ModelRules.of(model, ProviderTraits.OPENAI);
        assertEquals(efforts, rules.efforts());
        assertEquals(sampling, rules.sampling(ProviderTraits.OPENAI));
        assertEquals(maxStop, rules.maxStop(ProviderTraits.OPENAI));
        assertEquals(maxOutput, rules.clamped(MUCH, ProviderTraits.OPENAI));
    }

    @ParameterizedTest
    @CsvSource({
        "glm-4.5v, NONE, true, 16384",
        "glm-4.5-air, NONE, true, 98304",
        "glm-4.6v-flash, NONE, true, 32768",
        "glm-4.7, NONE, true, 131072",
        "GLM-5.2, HIGH_OR_MAX, true, 131072",
        "glm-5.3, LOW_HIGH_OR_MAX, false, 131072",
    })
    void glms(String model, Efforts efforts, boolean thinkingOff, long maxOutput) {
        ModelRules rules = ModelRules.of(model, ProviderTraits.ZAI);
        assertEquals(efforts, rules.efforts());
        assertEquals(thinkingOff, rules.thinkingOff());
        assertEquals(maxOutput, rules.clamped(MUCH, ProviderTraits.ZAI));
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-4-7", "o3", "glm-5.3"})
    void traitsCanTurnThemOff(String model) {
        ProviderTraits traits = ProviderTraits.OPENAI.but().modelRules(false).build();
        assertSame(ModelRules.of("", traits), ModelRules.of(model, traits));
        assertTrue(ModelRules.of(model, traits).sampling(traits));
        assertFalse(ModelRules.of(model, traits.withSampling(false)).sampling(traits.withSampling(false)));
    }
}
