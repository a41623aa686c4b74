package dev.slipstream.config;

/**
 * A host (name, IPv4 or IPv6 literal without brackets) and a port.
 *
 * @param port 0 to 65535; 0 takes any free port where one listens
 */
public record HostPort(String host, int port) {
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
