package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.json.UsageScanner.Mode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Invariants: never throws; reads the same in any split; the figures are unknown or not negative. */
class UsageScannerFuzzTest {
    @FuzzTest
    void neverThrowsAndEverySplitReadsTheSame(byte[] body) {
        for (Mode mode : Mode.values()) {
            Usage expected = read(mode, body, Math.max(1, body.length));
            if (Math.min(Math.min(expected.prompt(), expected.completion()), expected.cached())
                    < UsageScanner.UNKNOWN) {
                throw new AssertionError(expected);
            }
            for (int step : new int[] {1, 2, 7, 64}) {
                assertEquals(expected, read(mode, body, step));
            }
        }
    }

    private static Usage read(Mode mode, byte[] body, int step) {
        UsageScanner scanner = new UsageScanner();
        scanner.reset(mode);
        ByteBuf buffer = Unpooled.wrappedBuffer(body);
        try {
            for (int at = 0; at < body.length; at += step) {
                scanner.feed(buffer.slice(at, Math.min(step, body.length - at)));
            }
        } finally {
            buffer.release();
        }
        scanner.finish();
        return Usage.of(scanner);
    }
}
