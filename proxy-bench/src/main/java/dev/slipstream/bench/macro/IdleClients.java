package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that do nothing, or nothing any more. One thread. */
final class IdleClients implements AutoCloseable {
    private static final byte[] REQUEST = "GET /health HTTP/1.1\r\nhost: proxy\r\n\r\n".getBytes(ISO_8859_1);

    /** Since the last look. */
    record Seen(int answers, int ended) {}

    private final InetSocketAddress proxy;
    private final List<SocketChannel> open = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);

    IdleClients(InetSocketAddress proxy) {
        this.proxy = proxy;
    }

    /**
     * Opens more, as fast as one thread can.
     *
     * @param host the last number of the address they come from, 127.0.0.x
     * @param asking whether each sends one request
     */
    void open(int count, int host, boolean asking) throws IOException {
        InetAddress from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            open.add(channel);
            channel.bind(new InetSocketAddress(from, 0));
            channel.connect(proxy);
            channel.configureBlocking(false);
            if (asking) {
                channel.write(ByteBuffer.wrap(REQUEST));
            }
        }
    }

    int count() {
        return open.size();
    }

    /** What the connections show: answers that came since the last look; those that ended are closed and forgotten. */
    Seen look() throws IOException {
        int answers = 0;
        int ended = 0;
        for (int i = open.size() - 1; i >= 0; i--) {
            SocketChannel channel = open.get(i);
            int read = read(channel);
            if (read > 0) {
                String head = new String(buffer.array(), 0, read, ISO_8859_1);
                if (!head.startsWith("HTTP/1.1 200 ")) {
                    throw new IOException("an idle client was answered with " + head);
                }
                answers++;
                read = read(channel);
            }
            if (read < 0) {
                ended++;
                channel.close();
                open.remove(i);
            }
        }
        return new Seen(answers, ended);
    }

    private int read(SocketChannel channel) {
        try {
            buffer.clear();
            return channel.read(buffer);
        } catch (IOException reset) {
            return -1;
        }
    }

    /** Leaves with so many. */
    void leave(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            open.remove(open.size() - 1).close();
        }
    }

    @Override
    public void close() throws IOException {
        leave(open.size());
    }
}
