package dev.slipstream.bench.cli;

import dev.slipstream.bench.upstream.Distribution;
import dev.slipstream.bench.upstream.Fault;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the simulated provider's options are made of, out of text. */
final class Figures {
    private Figures() {}

    static final class Delays implements ITypeConverter<Distribution> {
        @Override
        public Distribution convert(String value) {
            return converted(value, Distribution::ofDelays);
        }
    }

    static final class Counts implements ITypeConverter<Distribution> {
        @Override
        public Distribution convert(String value) {
            return converted(value, Distribution::ofCounts);
        }
    }

    static final class Faults implements ITypeConverter<Fault> {
        @Override
        public Fault convert(String value) {
            return converted(value, Fault::parse);
        }
    }

    private static <T> T converted(String value, Function<String, T> parse) {
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
