package dev.slipstream.bench.upstream;

import dev.slipstream.config.HostPort;

/** Where a stand-in provider is to be found. */
final class BaseUrl {
    private BaseUrl() {}

    static String of(String host, int port) {
        return "http://" + new HostPort(host, port);
    }
}
