package dev.slipstream.bench.cli;

import dev.slipstream.config.HostPort;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code HOST:PORT}, an IPv6 literal in brackets. */
final class Addresses implements ITypeConverter<HostPort> {
    private static final int MAX_PORT = 65535;

    @Override
    public HostPort convert(String value) {
        int colon = value.lastIndexOf(':');
        String host = colon < 0 ? "" : value.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(value.substring(colon + 1));
            if (!host.isEmpty() && port >= 0 && port <= MAX_PORT) {
                return new HostPort(host, port);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new TypeConversionException("'" + value + "' is no address: write HOST:PORT");
    }
}
