package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.codec.Pieces;
import dev.slipstream.codec.json.UsageScanner.Mode;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Reads a body in many splits and holds the results together. */
final class UsageReading {
    private UsageReading() {}

    static Usage inOnePiece(Mode mode, byte[] body) {
        UsageScanner scanner = new UsageScanner();
        scanner.reset(mode);
        Pieces.lend(body, 0, body.length, Pieces.Kind.HEAP, scanner::feed);
        scanner.finish();
        return Usage.of(scanner);
    }

    /** At every byte in two, byte by byte, and shredded. */
    static Usage inEverySplit(Mode mode, byte[] body) {
        Usage expected = inFewSplits(mode, body);
        UsageScanner scanner = new UsageScanner();
        for (int split = 0; split <= body.length; split++) {
            scanner.reset(mode);
            Pieces.Kind kind = Pieces.KINDS.get(split % 3);
            Pieces.lend(body, 0, split, kind, scanner::feed);
            Pieces.lend(body, split, body.length, kind, scanner::feed);
            scanner.finish();
            assertEquals(expected, Usage.of(scanner), "split at " + split);
        }
        return expected;
    }

    static Usage inFewSplits(Mode mode, byte[] body) {
        Usage expected = inOnePiece(mode, body);
        UsageScanner scanner = new UsageScanner();
        scanner.reset(mode);
        for (int i = 0; i < body.length; i++) {
            Pieces.lend(body, i, i + 1, Pieces.Kind.HEAP, scanner::feed);
        }
        scanner.finish();
        assertEquals(expected, Usage.of(scanner), "byte by byte");
        for (long seed = 0; seed < 4; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            scanner.reset(mode);
            Pieces.shred(body, random, scanner::feed);
            scanner.finish();
            assertEquals(expected, Usage.of(scanner), "shredded, seed " + seed);
        }
        return expected;
    }
}
