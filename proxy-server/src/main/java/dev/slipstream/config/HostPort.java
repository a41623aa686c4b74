package dev.slipstream.config;

import org.jspecify.annotations.Nullable;

/**
 * A host (name, IPv4 or IPv6 literal without brackets) and a port.
 *
 * @param port 0 to 65535; 0 takes any free port where one listens
 */
public record HostPort(String host, int port) {
    // Written out here and in the other parts of a connection's key: a record's own make method handles when they are
    // first
    // called, some 20 ms of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostPort that && port == that.port && host.equals(that.host);
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
