package dev.slipstream.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import dev.slipstream.config.SlipstreamConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sum of all bounds follows each of them. */
final class DirectMemoryBoundTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    private static SlipstreamConfig config(String limits, String pool) {
        return config(limits, pool, "");
    }

    private static SlipstreamConfig config(String limits, String pool, String http) {
        return config(limits, pool, http, "");
    }

    private static SlipstreamConfig config(String limits, String pool, String http, String section) {
        LoadResult result =
                ConfigLoader.fromText("test", section + """
                providers:
                  one: { base_url: "http://127.0.0.1:1/v1", dialect: openai%s }
                models:
                  - name: "*"
                    targets: [ { provider: one } ]
                limits: { %s }
                pool: { %s }
                """.formatted(http, limits, pool), Map.of(), Overrides.none());
        if (!(result instanceof LoadResult.Loaded loaded)) {
            throw new AssertionError(result.toString());
        }
        return loaded.config();
    }

    private static long bound(String limits) {
        return DirectMemory.boundBytes(config(limits, "max_connections: 10"), 2);
    }

    private static void grows(String less, String more, long bytes) {
        long grown = bound(more) - bound(less);
        // Each sum is rounded up to a MiB.
        assertTrue(Math.abs(grown - bytes * 5 / 4) <= MIB, less + " to " + more + ": " + grown);
    }

    @Test
    void itGrowsByWhatALimitGrows() {
        grows("held_total: 10MiB", "held_total: 50MiB", 40 * MIB);
        grows("replay_total: 10MiB", "replay_total: 50MiB", 40 * MIB);
        grows("connections: 100, stream_buffer: 64KiB", "connections: 100, stream_buffer: 1MiB", 110 * 960 * KIB);
    }

    @Test
    void withoutATotalEachRequestMayHoldItsBodyAndItsTranslationOrItsAnswer() {
        String all = "held_total: 0, connections: 10, in_flight: 10, held_body: 8MiB, body: ";
        grows(all + "40MiB", all + "50MiB", 10 * 2 * 10 * MIB);
        long answers = bound(all + "1MiB") - bound("held_total: 1B, connections: 10, in_flight: 10");
        assertTrue(answers >= 10 * 32 * MIB * 5 / 4 - MIB && answers < 10 * 40 * MIB * 5 / 4, "answers " + answers);
    }

    @Test
    void aStreamOfHttp2CostsItsWindow() {
        String limits = "connections: 1000, in_flight: 100";
        long shared = DirectMemory.boundBytes(config(limits, "max_connections: 10", ", http: h2c"), 2) - bound(limits);
        assertTrue(
                shared >= 100 * 256 * KIB * 5 / 4 && shared < 100 * 400 * KIB * 5 / 4, "a hundred streams " + shared);
    }

    @Test
    void aClientMayHaveManyRequestsUnderWay() {
        long few = bound("connections: 100, in_flight: 100");
        long many = bound("connections: 100, in_flight: 1000");
        long each = (many - few) / 900;
        assertTrue(each >= 64 * KIB, "a stream " + each);
        assertEquals(bound("connections: 1, in_flight: 100"), bound("connections: 1, in_flight: 1000"));
    }

    @Test
    void aClientCostsMoreThanTheReadsAndQueuesItMayFill() {
        long each = (bound("connections: 2000") - bound("connections: 1000")) / 1000;
        long least = (64 + 64 + 16 + 64) * KIB;
        assertTrue(each > least && each < 4 * least, "a client " + each);
    }

    @Test
    void aClientThatSpeaksTlsCostsARecordMore() {
        String tls = "listen: { tls: { certificate: src/test/resources/tls/server.pem,"
                + " key: src/test/resources/tls/server.key } }\n";
        long plain = bound("connections: 1000");
        long encrypted = DirectMemory.boundBytes(config("connections: 1000", "max_connections: 10", "", tls), 2);
        assertTrue(Math.abs(encrypted - plain - 1000 * 100 * KIB * 5 / 4) <= MIB, plain + " to " + encrypted);
    }

    @Test
    void withoutALimitThatBoundsItThereIsNoSum() {
        assertEquals(DirectMemory.UNBOUNDED, bound("connections: 0"));
        assertEquals(DirectMemory.UNBOUNDED, bound("held_total: 0, held_body: 0, body: 0"));
        assertEquals(DirectMemory.UNBOUNDED, bound("held_total: 0, body: 0"));
        assertTrue(bound("held_total: 0, connections: 10, in_flight: 10") < 10 * 100 * MIB);
        assertTrue(bound("in_flight: 0, connections: 10") < 500 * MIB);
    }

    @Test
    void theGateLeavesAnEighthButNeverMoreThanHalf() {
        assertEquals(700 * MIB, MemoryWatch.shutAt(800 * MIB, 2));
        assertEquals(12 * MIB, MemoryWatch.shutAt(16 * MIB, 2));
        assertEquals(2 * MIB, MemoryWatch.shutAt(4 * MIB, 8));
    }
}
