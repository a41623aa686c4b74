package dev.slipstream.limit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.KeyConfig;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a look-up does is counted, not timed: as much for a guess that begins like a key as for one that does not, and as
 * much for a key. What the clock says of it is for {@code scripts/storm}.
 */
class KeyTimingTest {
    private static final String KEY = "sk-slip-0123456789abcdef0123456789abcdef";
    private static final int SAMPLES = 10_000;

    private int compared;

    /** Counts digests and the bytes that went into them. */
    private static final class CountingDigest extends MessageDigest {
        private final MessageDigest real;
        int digests;
        int bytes;

        CountingDigest() throws NoSuchAlgorithmException {
            super("SHA-256");
            real = MessageDigest.getInstance("SHA-256");
        }

        @Override
        protected void engineUpdate(byte input) {
            bytes++;
            real.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            bytes += length;
            real.update(input, offset, length);
        }

        @Override
        protected byte[] engineDigest() {
            digests++;
            return real.digest();
        }

        @Override
        protected void engineReset() {
            real.reset();
        }
    }

    private static KeyConfig config(String name, String key) throws NoSuchAlgorithmException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(ISO_8859_1));
        return new KeyConfig(name, HexFormat.of().formatHex(hash));
    }

    /** As {@link #KEY} for {@code prefix} bytes, other in the next one, and whatever comes behind. */
    private static byte[] guess(int prefix, SplittableRandom random) {
        byte[] guess = KEY.getBytes(ISO_8859_1);
        for (int i = prefix; i < guess.length; i++) {
            byte other = (byte) ('a' + random.nextInt(26));
            guess[i] = i == prefix && other == guess[i] ? (byte) 'A' : other;
        }
        return guess;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100, 1000})
    void aLookUpIsTheSameWorkWhateverTheGuessBeginsWith(int keys) throws Exception {
        List<KeyConfig> configured = new ArrayList<>(List.of(config("right", KEY)));
        for (int i = 1; i < keys; i++) {
            configured.add(config("key" + i, "other" + i));
        }
        KeyTable table = KeyTable.of(configured, (one, other) -> {
            compared++;
            return MessageDigest.isEqual(one, other);
        });
        CountingDigest digest = new CountingDigest();
        KeyLookup lookup = new KeyLookup(digest);
        SplittableRandom random = new SplittableRandom(keys);
        int comparisons = table.comparisons();
        assertTrue(comparisons >= 1 && comparisons < 64, () -> comparisons + " comparisons");
        for (int prefix = 0; prefix <= KEY.length(); prefix += 4) {
            boolean right = prefix == KEY.length();
            for (int i = 0; i < SAMPLES; i++) {
                byte[] guess = guess(prefix, random);
                digest.digests = 0;
                digest.bytes = 0;
                compared = 0;
                Principal found = lookup.find(table, guess, 0, guess.length);
                if (right) {
                    assertNotNull(found);
                } else {
                    assertNull(found);
                }
                assertEquals(1, digest.digests);
                assertEquals(KEY.length(), digest.bytes);
                assertEquals(comparisons, compared);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100, 1000})
    void everyKeyTakesAsManyComparisonsAsAnyOther(int keys) throws Exception {
        List<KeyConfig> configured = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            configured.add(config("key" + i, "key" + i));
        }
        KeyTable table = KeyTable.of(configured, (one, other) -> {
            compared++;
            return MessageDigest.isEqual(one, other);
        });
        KeyLookup lookup = new KeyLookup();
        for (int i = 0; i < keys; i++) {
            compared = 0;
            byte[] key = ("key" + i).getBytes(ISO_8859_1);
            assertEquals(new Principal("key" + i), lookup.find(table, key, 0, key.length));
            assertEquals(table.comparisons(), compared);
        }
    }
}
