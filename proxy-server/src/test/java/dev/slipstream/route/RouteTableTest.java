package dev.slipstream.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.slipstream.codec.Dialect;
import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final String YAML = """
            providers:
              o1: { base_url: "http://127.0.0.1:1/v1", dialect: openai }
              o2: { base_url: "http://127.0.0.1:2/v1", dialect: openai }
              a1: { base_url: "http://127.0.0.1:3", dialect: anthropic }
            models:
              - name: both
                targets: [ { provider: a1 }, { provider: o2, model: renamed }, { provider: o1 } ]
              - name: only-anthropic
                targets: [ { provider: a1 } ]
              - name: exact-openai
                targets: [ { provider: o1 } ]
              - name: "wild-*"
                targets: [ { provider: o1 }, { provider: a1, model: fixed } ]
              - name: "wild-er-*"
                targets: [ { provider: o2 } ]
              - name: blind
                vision: both
                assumed_context: 200000
                context_window: 100000
                targets: [ { provider: a1 } ]
            """;

    private final RouteTable table = RouteTable.of(config());
    private final RoutePlan plan = new RoutePlan();

    private static dev.slipstream.config.SlipstreamConfig config() {
        LoadResult result = ConfigLoader.fromText("test.yaml", YAML, Map.of(), Overrides.none());
        if (result instanceof LoadResult.Loaded loaded) {
            return loaded.config();
        }
        throw new AssertionError(result.toString());
    }

    /** The match, the targets with what each is asked for, the reason and the label. */
    private String find(String model, Dialect client, boolean translatable) {
        byte[] bytes = (model + "#").getBytes(UTF_8);
        RouteTable.Match match = table.find(bytes, bytes.length - 1, client, translatable, plan);
        return match == RouteTable.Match.FOUND ? planText() : match.name();
    }

    private String planText() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < plan.size(); i++) {
            Target target = plan.target(i);
            byte[] replaced = plan.replacementFor(target);
            text.append(target.provider().name())
                    .append('=')
                    .append(new String(plan.nameFor(target), UTF_8))
                    .append(replaced == null ? "" : "!")
                    .append(' ');
        }
        return text.append(plan.reason().name().toLowerCase(java.util.Locale.ROOT))
                .append(' ')
                .append(plan.label())
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "both, OPENAI, o2=renamed! o1=both exact both",
        "both, ANTHROPIC, a1=both exact both",
        "both-openai, OPENAI, o2=renamed! o1=both! exact both",
        "both-openai, ANTHROPIC, NO_TARGET_FOR_DIALECT",
        "only-anthropic, ANTHROPIC, a1=only-anthropic exact only-anthropic",
        "only-anthropic, OPENAI, NO_TARGET_FOR_DIALECT",
        "only-anthropic-anthropic, ANTHROPIC, a1=only-anthropic! exact only-anthropic",
        "exact-openai, OPENAI, o1=exact-openai exact exact-openai",
        "exact-openai-openai, OPENAI, o1=exact-openai! exact exact-openai",
        "wild-x, OPENAI, o1=wild-x wildcard wild-*",
        "wild-, OPENAI, o1=wild- wildcard wild-*",
        "wild-x-openai, OPENAI, o1=wild-x! wildcard wild-*",
        "wild-x, ANTHROPIC, a1=fixed! wildcard wild-*",
        "wild-er-x, OPENAI, o2=wild-er-x wildcard wild-er-*",
        "wild-er-x, ANTHROPIC, NO_TARGET_FOR_DIALECT",
        "wild, OPENAI, UNKNOWN_MODEL",
        "Both, OPENAI, UNKNOWN_MODEL",
        "bot, OPENAI, UNKNOWN_MODEL",
        "boths, OPENAI, UNKNOWN_MODEL",
        "-openai, OPENAI, UNKNOWN_MODEL",
    })
    void everyNameHasItsTargets(String model, Dialect client, String expected) {
        assertEquals(expected, find(model, client, false));
    }

    @ParameterizedTest
    @CsvSource({
        "both, OPENAI, o2=renamed! o1=both a1=both exact both",
        "both, ANTHROPIC, a1=both o2=renamed! o1=both exact both",
        "both-openai, ANTHROPIC, o2=renamed! o1=both! exact both",
        "only-anthropic, OPENAI, a1=only-anthropic exact only-anthropic",
        "only-anthropic-openai, OPENAI, NO_TARGET_FOR_DIALECT",
        "wild-x-anthropic, OPENAI, a1=fixed! wildcard wild-*",
        "wild-er-x, ANTHROPIC, o2=wild-er-x wildcard wild-er-*",
    })
    void whereRequestsAreTranslatedTheOtherDialectFollows(String model, Dialect client, String expected) {
        assertEquals(expected, find(model, client, true));
    }

    @Test
    void aModelSendsImagesToItsVisionModel() {
        assertEquals("a1=blind exact blind", find("blind", Dialect.ANTHROPIC, true));
        assertTrue(plan.hasVision());
        assertEquals(20, plan.scale().scaled(10));
        table.switchToVision(plan, Dialect.ANTHROPIC, true);
        assertEquals("a1=both! o2=renamed! o1=both! vision both", planText());
        assertEquals("\"both\"", new String(plan.modelJson(plan.target(0)), UTF_8));
        assertFalse(plan.hasVision());
        assertEquals(10, plan.scale().scaled(10));
    }

    @Test
    void namesAreListedWithoutWildcards() {
        assertEquals(List.of("both", "only-anthropic", "exact-openai", "blind"), table.names());
        assertTrue(table.someNames().contains("both"));
    }

    @Test
    void whatReplacesAModelIsAJsonString() {
        byte[] odd = "wild-\"\\\u0001é-openai".getBytes(UTF_8);
        table.find(odd, odd.length, Dialect.OPENAI, false, plan);
        byte[] replaced = plan.replacementFor(plan.target(0));
        assertEquals("\"wild-\\\"\\\\\\u0001é\"", replaced == null ? "" : new String(replaced, UTF_8));
        // In a field of the answer there are no control bytes.
        assertEquals("wild-\"\\?é", new String(plan.nameFor(plan.target(0)), UTF_8));
    }

    @Test
    void aLookUpMakesNoGarbage() {
        byte[][] names = {"both".getBytes(UTF_8), "wild-er-x".getBytes(UTF_8), "nobody".getBytes(UTF_8)};
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 1000; i++) {
                for (byte[] name : names) {
                    table.find(name, name.length, Dialect.OPENAI, false, plan);
                    plan.reset();
                }
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertTrue(least < 1000, "3000 look-ups made " + least + " bytes");
    }
}
