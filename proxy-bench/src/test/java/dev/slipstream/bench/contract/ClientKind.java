package dev.slipstream.bench.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** What is spoken between the client and the proxy. */
enum ClientKind {
    H1;

    /** A new connection. */
    ApiClient connect(InetSocketAddress api) throws IOException {
        return connect(api, 0);
    }

    /** @param receiveBytes the receive buffer of its socket; 0: the system's default */
    ApiClient connect(InetSocketAddress api, int receiveBytes) throws IOException {
        return switch (this) {
            case H1 -> new H1Client(api, receiveBytes);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
