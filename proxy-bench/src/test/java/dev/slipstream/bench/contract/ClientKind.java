package dev.slipstream.bench.contract;

import java.io.IOException;
import java.net.InetSocketAddress;

/** What is spoken between the client and the proxy. */
enum ClientKind {
    H1("h1"),
    H2C("h2c");

    private final String text;

    ClientKind(String text) {
        this.text = text;
    }

    /** A new connection. */
    ApiClient connect(InetSocketAddress api) throws IOException {
        return connect(api, 0);
    }

    /** @param receiveBytes the receive buffer of its socket; 0: the system's default */
    ApiClient connect(InetSocketAddress api, int receiveBytes) throws IOException {
        return switch (this) {
            case H1 -> new H1Client(api, receiveBytes);
            case H2C -> new H2Client(api, receiveBytes, null);
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
