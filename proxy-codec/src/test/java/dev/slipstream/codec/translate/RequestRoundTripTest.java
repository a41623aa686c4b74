package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.ANTHROPIC;
import static dev.slipstream.codec.Dialect.OPENAI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random requests mean in the other dialect what they mean in their own, and still do when they are back. */
class RequestRoundTripTest {
    private static final int REQUESTS = 800;
    private static final ProviderTraits CHAT =
            ProviderTraits.OPENAI_COMPATIBLE.but().topK(true).build();
    private static final ProviderTraits MESSAGES =
            ProviderTraits.ANTHROPIC_COMPATIBLE.but().jsonSchema(true).build();

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void thereAndBackARequestKeepsItsMeaning(Dialect from) throws Exception {
        Dialect other = from == OPENAI ? ANTHROPIC : OPENAI;
        Translating there = new Translating();
        Translating back = new Translating();
        long firstSeed = from == OPENAI ? 20_261_121 : 50_261_121;
        for (long seed = firstSeed; seed < firstSeed + REQUESTS; seed++) {
            String json = new RandomRequest(new Random(seed), from).next();
            String what = "seed " + seed + ": " + json;
            String meant = Meaning.of(Checks.object(StrictJson.read(json), "request"), from);

            assertTrue(there.translate(from, json.getBytes(UTF_8), traits(other), "m"), what);
            Map<String, Object> translated = there.document();
            check(translated, other);
            assertEquals(meant, Meaning.of(translated, other), what);

            assertTrue(back.translate(other, there.bytes(), traits(from), "m"), what);
            Map<String, Object> again = back.document();
            check(again, from);
            assertEquals(meant, Meaning.of(again, from), what);
            assertNotEquals(meant, Meaning.of(Map.of(), from), what);
        }
    }

    private static ProviderTraits traits(Dialect dialect) {
        return dialect == OPENAI ? CHAT : MESSAGES;
    }

    private static void check(Map<String, Object> request, Dialect dialect) {
        if (dialect == OPENAI) {
            ChatRequestValidator.check(request, CHAT);
        } else {
            MessagesRequestValidator.check(request, MESSAGES);
        }
    }
}
