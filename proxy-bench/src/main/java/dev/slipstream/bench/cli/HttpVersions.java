package dev.slipstream.bench.cli;

import dev.slipstream.bench.tls.TestIdentity;
import dev.slipstream.bench.upstream.ProviderWire;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Versions of HTTP as the configuration writes them: {@code auto}, {@code 1.1}, {@code 2}. */
final class HttpVersions implements ITypeConverter<HttpVersions.Choice> {
    /** What may be spoken. */
    enum Choice {
        AUTO,
        ONE,
        TWO;

        /** {@code identity} null: plaintext. */
        ProviderWire wire(@Nullable TestIdentity identity) {
            if (identity == null) {
                return this == TWO ? ProviderWire.h2c() : ProviderWire.h1();
            }
            return switch (this) {
                case AUTO -> ProviderWire.tls(identity);
                case ONE -> ProviderWire.h1Tls(identity);
                case TWO -> ProviderWire.h2Tls(identity);
            };
        }
    }

    @Override
    public Choice convert(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "auto" -> Choice.AUTO;
            case "1.1" -> Choice.ONE;
            case "2", "h2c" -> Choice.TWO;
            default -> throw new TypeConversionException("'" + value + "' is no version: write auto, 1.1 or 2");
        };
    }
}
