package dev.slipstream.codec.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenScaleTest {
    @Test
    void aClientThatAssumesMoreSeesMore() {
        TokenScale scale = new TokenScale(200_000, 131_072);
        assertTrue(scale.isActive());
        assertEquals(200_000, scale.scaled(131_072));
        assertEquals(100_000, scale.scaled(65_536));
    }

    @Test
    void aFractionIsRoundedUpSoThatNothingBecomesZero() {
        TokenScale scale = new TokenScale(200_000, 1_000_000);
        assertEquals(1, scale.scaled(1));
        assertEquals(1, scale.scaled(5));
        assertEquals(2, scale.scaled(6));
        assertEquals(0, scale.scaled(0));
        assertEquals(-1, scale.scaled(-1));
    }

    @Test
    void equalOrUnknownContextsChangeNothing() {
        for (TokenScale scale : new TokenScale[] {
            TokenScale.NONE, new TokenScale(5, 5), new TokenScale(0, 5), new TokenScale(5, 0), new TokenScale(-1, 5)
        }) {
            assertFalse(scale.isActive());
            assertEquals(7, scale.scaled(7));
            assertEquals(Long.MAX_VALUE, scale.scaled(Long.MAX_VALUE));
        }
    }

    @Test
    void itIsExactMonotonousAndNeverOverflows() {
        long seed = Long.getLong("seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        BigInteger most = BigInteger.valueOf(Long.MAX_VALUE / 4);
        for (int i = 0; i < 20_000; i++) {
            long tokens = random.nextLong() >>> (1 + random.nextInt(62));
            TokenScale scale = new TokenScale(
                    1 + (random.nextLong() >>> (1 + random.nextInt(62))),
                    1 + (random.nextLong() >>> (1 + random.nextInt(62))));
            if (!scale.isActive()) {
                continue;
            }
            String about = "-Dseed=" + seed + " " + tokens + " " + scale;
            BigInteger product = BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(scale.assumed()));
            if (product.bitLength() < 64) {
                BigInteger[] parts = product.divideAndRemainder(BigInteger.valueOf(scale.actual()));
                BigInteger exact = parts[0].add(BigInteger.valueOf(parts[1].signum()));
                assertEquals(exact.min(most).longValueExact(), scale.scaled(tokens), about);
            } else {
                assertEquals(most.longValueExact(), scale.scaled(tokens), about);
            }
            assertTrue(tokens == 0 || scale.scaled(tokens - 1) <= scale.scaled(tokens), about);
        }
    }
}
