package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import dev.slipstream.config.KeyConfig;
import dev.slipstream.limit.KeyLookup;
import dev.slipstream.limit.KeyTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Whether the time of a refusal tells how much of a guess was right: {@value #SAMPLES} samples of each length of the
 * prefix that guess and key share, in random order. Once of the look-up alone, once over a socket. Prints and judges not:
 * what holds it is a test that counts the work.
 */
final class KeyTiming {
    static final int SAMPLES = 10_000;
    private static final int OTHER_KEYS = 99;
    private static final int STEP = 8;
    private static final int LEAST_WRONG = 5;
    private static final int WARM_UP_ROUNDS = 2;

    private final PrintWriter out;
    private final SplittableRandom random;

    /** The time of one guess. */
    private interface Sample {
        long nanos(byte[] guess) throws IOException;
    }

    private KeyTiming(PrintWriter out, long seed) {
        this.out = out;
        this.random = new SplittableRandom(seed);
    }

    static void run(long seed, PrintWriter out) throws IOException {
        KeyTiming timing = new KeyTiming(out, seed);
        timing.lookUp();
        timing.overASocket();
    }

    private void lookUp() throws IOException {
        List<KeyConfig> keys = new ArrayList<>(List.of(config(StormProxy.KEY)));
        for (int i = 0; i < OTHER_KEYS; i++) {
            keys.add(config("other" + i));
        }
        KeyTable table = KeyTable.of(keys);
        KeyLookup lookup = new KeyLookup();
        measure("look-up alone, 100 keys", "", "", guess -> {
            long start = System.nanoTime();
            boolean found = lookup.find(table, guess, 0, guess.length) != null;
            long nanos = System.nanoTime() - start;
            if (found) {
                throw new IOException("a guess was right");
            }
            return nanos;
        });
    }

    private void overASocket() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                Slipstream proxy = StormProxy.start(provider, 1);
                StormClient client = new StormClient(proxy.apiAddress())) {
            String start = "GET /v1/models HTTP/1.1\r\nhost: proxy\r\nx-api-key: ";
            measure("over a kept connection", start, "\r\n\r\n", guess -> {
                long startNanos = System.nanoTime();
                client.send(guess);
                int status = client.read(StormClient.Pace.FULL).status();
                long nanos = System.nanoTime() - startNanos;
                if (status != 401) {
                    throw new IOException("a guess was answered with " + status);
                }
                return nanos;
            });
        }
    }

    private void measure(String what, String before, String behind, Sample sample) throws IOException {
        int kinds = StormProxy.KEY.length() / STEP + 1;
        int[] order = order(kinds);
        // All made beforehand: what happens between two samples is the same for each kind.
        byte[][] guesses = new byte[order.length][];
        for (int i = 0; i < order.length; i++) {
            guesses[i] = (before + guess(prefix(order[i])) + behind).getBytes(ISO_8859_1);
        }
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            for (byte[] guess : guesses) {
                sample.nanos(guess);
            }
        }
        long[][] nanos = new long[kinds][SAMPLES];
        int[] taken = new int[kinds];
        for (int i = 0; i < order.length; i++) {
            int kind = order[i];
            nanos[kind][taken[kind]++] = sample.nanos(guesses[i]);
        }
        double most = 0;
        double least = Double.MAX_VALUE;
        double halves = 0;
        for (int kind = 0; kind < kinds; kind++) {
            double median = median(nanos[kind], 0, SAMPLES);
            double one = median(nanos[kind], 0, SAMPLES / 2);
            double other = median(nanos[kind], SAMPLES / 2, SAMPLES);
            most = Math.max(most, median);
            least = Math.min(least, median);
            halves = Math.max(halves, Math.abs(one - other));
            out.printf(
                    Locale.ROOT,
                    "key timing, %s: %d of %d bytes right: median %.0f ns (first half %.0f, second half %.0f)%n",
                    what,
                    prefix(kind),
                    StormProxy.KEY.length(),
                    median,
                    one,
                    other);
        }
        out.printf(
                Locale.ROOT,
                "key timing, %s: between prefixes at most %.0f ns, between halves of one prefix at most %.0f ns;"
                        + " rank correlation of time and prefix %.5f, %.1f standard deviations from none%n",
                what,
                most - least,
                halves,
                RankCorrelation.of(nanos),
                RankCorrelation.of(nanos) * Math.sqrt(kinds * (double) SAMPLES - 1));
        out.flush();
    }

    /** Each kind as often as the others, shuffled. */
    private int[] order(int kinds) {
        int[] order = new int[kinds * SAMPLES];
        for (int i = 0; i < order.length; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i % kinds;
        }
        return order;
    }

    /**
     * Enough is wrong even in the last kind that no guess comes twice: one that does finds its place in the table in the
     * cache, which has nothing to do with the key.
     */
    private static int prefix(int kind) {
        return Math.min(kind * STEP, StormProxy.KEY.length() - LEAST_WRONG);
    }

    private String guess(int prefix) {
        StringBuilder guess = new StringBuilder(StormProxy.KEY);
        for (int i = prefix; i < guess.length(); i++) {
            // In upper case: never right.
            guess.setCharAt(i, (char) ('A' + random.nextInt(26)));
        }
        return guess.toString();
    }

    private static double median(long[] nanos, int from, int to) {
        long[] sorted = Arrays.copyOfRange(nanos, from, to);
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0;
    }

    private static KeyConfig config(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(ISO_8859_1));
            return new KeyConfig(key, HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
