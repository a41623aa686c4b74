package dev.slipstream.bench.upstream;

import dev.slipstream.config.HostPort;

/** Where a stand-in provider is to be found. */
final class BaseUrl {
    private BaseUrl() {}

    static String of(ProviderWire wire, String host, int port) {
        return (wire.isTls() ? "https://" : "http://") + new HostPort(host, port);
    }
}
