package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.Cuts;
import dev.slipstream.codec.StateSize;
import dev.slipstream.codec.json.UsageScanner.Mode;
import dev.slipstream.codec.sse.SseOracle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Any bytes: never throws; reads the same in any split; the figures are unknown or not negative; the state does not
 * grow; and where the documents are JSON the figures are those of {@link UsageOracle}, which parses them. Runs over its
 * seeds as an ordinary test; {@code scripts/fuzz} fuzzes.
 */
class UsageScannerFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void neverThrowsAndEverySplitReadsTheSame(byte[] body) {
        for (Mode mode : Mode.values()) {
            Usage expected = read(mode, body);
            assertTrue(
                    Math.min(
                                    Math.min(expected.prompt(), expected.completion()),
                                    Math.min(expected.cached(), expected.reasoning()))
                            >= UsageScanner.UNKNOWN,
                    expected::toString);
            for (int step : new int[] {1, 2, 7, 64}) {
                int[] cuts = new int[body.length / step];
                for (int i = 0; i < cuts.length; i++) {
                    cuts[i] = (i + 1) * step;
                }
                assertEquals(expected, read(mode, body, cuts));
            }
            assertEquals(expected, read(mode, body, Cuts.of(body)));
        }
        if (isPlainJson(body)) {
            assertEquals(UsageOracle.whole(body), read(Mode.WHOLE, body));
        }
        if (isStreamOfPlainJson(body)) {
            assertEquals(UsageOracle.stream(body), read(Mode.EVENTS, body));
        }
    }

    private static Usage read(Mode mode, byte[] body, int... cuts) {
        UsageScanner scanner = new UsageScanner();
        scanner.reset(mode);
        long stateSize = StateSize.of(scanner);
        ByteBuf buffer = Unpooled.wrappedBuffer(body);
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i == cuts.length ? body.length : cuts[i];
            ByteBuf piece = buffer.slice(from, to - from);
            // Every other one without an array, which goes another way.
            scanner.feed(i % 2 == 0 ? piece : piece.asReadOnly());
            from = to;
        }
        scanner.finish();
        assertEquals(stateSize, StateSize.of(scanner));
        return Usage.of(scanner);
    }

    private static boolean isStreamOfPlainJson(byte[] body) {
        byte[] closed = Arrays.copyOf(body, body.length + 2);
        Arrays.fill(closed, body.length, closed.length, (byte) '\n');
        for (SseOracle.Event event : SseOracle.events(closed)) {
            boolean plain = isPlainJson(event.data().getBytes(StandardCharsets.ISO_8859_1));
            if (!plain && !event.data().equals("[DONE]")) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether both must read it in the same way: a document by the grammar, no key twice, and nothing that the scanner
     * leaves unread on purpose (escaped keys) or that the oracle's numbers cannot tell ({@code -0} from 0).
     */
    private static boolean isPlainJson(byte[] body) {
        String text = JacksonTokens.text(body);
        return text != null
                && !text.contains("\\u")
                && !text.contains("-0")
                && Scan.of(body).status() != JsonStatus.TOO_DEEP
                && JacksonTokens.isWithoutDuplicates(text);
    }
}
