package dev.slipstream.bench.load;

import dev.slipstream.codec.Dialect;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What requests carry, as options of a command. */
final class TargetOptions {
    @Option(
            names = "--dialect",
            paramLabel = "NAME",
            converter = Dialects.class,
            description = "openai or anthropic; default: openai")
    private Dialect dialect = Dialect.OPENAI;

    @Option(names = "--model", paramLabel = "NAME", description = "that requests ask for; default: ${DEFAULT-VALUE}")
    private String model = "chat-model";

    @Option(names = "--key", paramLabel = "KEY", description = "that requests carry; default: none")
    private String key = "";

    @Option(names = "--key-env", paramLabel = "NAME", description = "the variable that has the key")
    private @Nullable String keyVariable;

    @Option(
            names = "--body",
            paramLabel = "SIZE",
            converter = Sizes.class,
            description = "of a chat request: 1000 to 10MiB; B, KiB, MiB; default: 1400 B")
    private int bodyBytes = LoadTarget.DEFAULT_BODY_BYTES;

    @Option(names = "--max-tokens", paramLabel = "N", description = "asked for; default: ${DEFAULT-VALUE}")
    private int maxTokens = LoadTarget.DEFAULT_MAX_TOKENS;

    @Option(
            names = "--directives",
            paramLabel = "TEXT",
            description = "for the simulated provider, such as 'tokens=64 gap=5ms'; default: none")
    private String directives = "";

    @Option(
            names = "--header",
            paramLabel = "FIELD",
            description = "a further header field, 'name: value'; may be repeated")
    private List<String> fields = List.of();

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM of the authority of https servers; default: the JDK's authorities")
    private @Nullable Path authority;

    /** @throws IllegalArgumentException if the address is none, or the key's variable is not set */
    LoadTarget target(URI url, boolean http2) {
        return new LoadTarget(
                url, http2, authority, dialect, model, sentKey(), bodyBytes, maxTokens, directives, fields);
    }

    private String sentKey() {
        if (keyVariable == null) {
            return key;
        }
        String value = System.getenv(keyVariable);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the variable " + keyVariable + " is not set");
        }
        return value;
    }

    int bodyBytes() {
        return bodyBytes;
    }

    int maxTokens() {
        return maxTokens;
    }

    /** {@code openai}, {@code anthropic}. */
    static final class Dialects implements ITypeConverter<Dialect> {
        @Override
        public Dialect convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "openai" -> Dialect.OPENAI;
                case "anthropic" -> Dialect.ANTHROPIC;
                default ->
                    throw new TypeConversionException("'" + value + "' is no dialect: write openai or anthropic");
            };
        }
    }

    /** {@code 1400}, {@code 64KiB}, {@code 10MiB}. */
    static final class Sizes implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            String lower = value.toLowerCase(Locale.ROOT);
            int factor = lower.endsWith("kib") ? 1024 : lower.endsWith("mib") ? 1024 * 1024 : 1;
            String digits = factor > 1 ? lower.substring(0, lower.length() - 3) : lower.replace("b", "");
            try {
                return Math.multiplyExact(Integer.parseInt(digits.strip()), factor);
            } catch (NumberFormatException | ArithmeticException e) {
                throw new TypeConversionException("'" + value + "' is no size: write 1400, 64KiB or 10MiB");
            }
        }
    }
}
