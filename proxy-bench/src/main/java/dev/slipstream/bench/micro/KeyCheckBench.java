package dev.slipstream.bench.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.config.KeyConfig;
import dev.slipstream.limit.KeyLookup;
import dev.slipstream.limit.KeyTable;
import dev.slipstream.limit.Principal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to tell whose key it is, and that it is nobody's, among one and among a thousand; keys of 51 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KeyCheckBench {
    @Param({"1", "1000"})
    public int keys = 1;

    private final KeyLookup lookup = new KeyLookup();
    private final byte[] valid = key(0);
    private final byte[] invalid = key(-1);
    private KeyTable table = KeyTable.of(List.of());

    private static byte[] key(int number) {
        return String.format("sk-slip-%043d", number & 0x7fffffff).getBytes(US_ASCII);
    }

    @Setup
    public void fill() {
        table = KeyTable.of(IntStream.range(0, keys)
                .mapToObj(i -> new KeyConfig("key-" + i, sha256(key(i))))
                .toList());
        Principal found = known();
        if (found == null || !found.name().equals("key-0") || unknown() != null) {
            throw new IllegalStateException("not whose key it should be");
        }
    }

    private static String sha256(byte[] key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Benchmark
    public @Nullable Principal known() {
        return lookup.find(table, valid, 0, valid.length);
    }

    @Benchmark
    public @Nullable Principal unknown() {
        return lookup.find(table, invalid, 0, invalid.length);
    }
}
