package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.ANTHROPIC;
import static dev.slipstream.codec.Dialect.OPENAI;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Requests of which some values were swapped for others, so that they are JSON and mostly nonsense: none leads to an
 * exception or to an output that is no JSON, and those that their own dialect still accepts are accepted by the other.
 */
class SpoiledRequestsTest {
    private static final int REQUESTS = 2000;
    private static final List<String> VALUES = List.of(
            "null",
            "\"\"",
            "\" \"",
            "[]",
            "{}",
            "7",
            "-1",
            "0.5",
            "1e400",
            "true",
            "\"auto\"",
            "\"tool_result\"",
            "\"tool_use\"",
            "\"image\"",
            "\"text\"",
            "\"user\"",
            "\"assistant\"",
            "\"system\"",
            "\"tool\"",
            "\"call_0\"",
            "\"call_1\"",
            "[[]]",
            "[null]",
            "\"\\ud83d\"",
            "\"functions.add:0\"",
            "\"data:image/png;base64,AA\"",
            "{\"type\":\"object\"}",
            "[{\"type\":\"text\",\"text\":\"x\"}]",
            "{\"type\":\"enabled\",\"budget_tokens\":1024}");

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void nothingButJsonComesOut(Dialect from) {
        int accepted = 0;
        ProviderTraits[] servers = from == OPENAI
                ? new ProviderTraits[] {ProviderTraits.ANTHROPIC, ProviderTraits.ANTHROPIC_COMPATIBLE}
                : new ProviderTraits[] {ProviderTraits.OPENAI, ProviderTraits.ZAI, ProviderTraits.MISTRAL};
        long firstSeed = from == ANTHROPIC ? 7_000_000 : 8_000_000;
        for (long seed = firstSeed; seed < firstSeed + REQUESTS; seed++) {
            Random random = new Random(seed);
            byte[] request = new RandomRequest(random, from).next().getBytes(UTF_8);
            for (int i = random.nextInt(4); i > 0; i--) {
                request = spoiled(request, random);
            }
            try {
                accepted += RequestFuzz.translate(request, from, servers[random.nextInt(servers.length)]) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + new String(request, UTF_8), e);
            }
        }
        assertTrue(accepted > REQUESTS / 10, "acceptable ones: " + accepted);
    }

    /** One value less, or another in its place: one of the same request, or one of ours. */
    private static byte[] spoiled(byte[] request, Random random) {
        JsonTree tree = new JsonTree();
        tree.append(request, 0, request.length);
        if (tree.parse() != JsonStatus.COMPLETE) {
            return request;
        }
        int container = anyOf(tree, random);
        int count = tree.count(container);
        if (count == 0) {
            return request;
        }
        int child = tree.first(container);
        for (int skip = random.nextInt(count); skip > 0; skip--) {
            child = tree.next(container, child);
        }
        String text = new String(request, ISO_8859_1);
        int other = anyOf(tree, random);
        String value = switch (random.nextInt(3)) {
            case 0 -> text.substring(tree.start(other), tree.end(other));
            case 1 -> "null";
            default -> VALUES.get(random.nextInt(VALUES.size()));
        };
        return (text.substring(0, tree.start(child)) + value + text.substring(tree.end(child))).getBytes(ISO_8859_1);
    }

    /** Any value, those deep inside too. */
    private static int anyOf(JsonTree tree, Random random) {
        int value = JsonTree.ROOT;
        while (tree.count(value) > 0 && random.nextInt(5) > 0) {
            int child = tree.first(value);
            for (int skip = random.nextInt(tree.count(value)); skip > 0; skip--) {
                child = tree.next(value, child);
            }
            if (tree.count(child) == 0 && random.nextBoolean()) {
                break;
            }
            value = child;
        }
        return value;
    }
}
