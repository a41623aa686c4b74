package dev.slipstream.bench.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a listener with TLS gets from those who do not speak it, or do not go on. */
final class RawTls {
    private static final int LIMIT_MILLIS = 20_000;
    private static final Pattern FAILURES =
            Pattern.compile("^slipstream_tls_handshake_failures_total ([0-9.]+)", Pattern.MULTILINE);

    private RawTls() {}

    /** A whole first message with two suites and no extension, for this version and none above. */
    static byte[] hello(int version) {
        ByteBuffer hello = ByteBuffer.allocate(100);
        hello.put((byte) 22).putShort((short) 0x0301).putShort((short) 0);
        hello.put((byte) 1).put((byte) 0).putShort((short) 0);
        hello.putShort((short) version);
        for (int i = 0; i < 32; i++) {
            hello.put((byte) (i * 7));
        }
        // No session; TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA; no compression.
        hello.put((byte) 0).putShort((short) 4).putShort((short) 0xC009).putShort((short) 0xC013);
        hello.put((byte) 1).put((byte) 0);
        int length = hello.position();
        hello.putShort(3, (short) (length - 5)).putShort(7, (short) (length - 9));
        byte[] bytes = new byte[length];
        hello.flip().get(bytes);
        return bytes;
    }

    /** Bytes that no handshake begins with, or that promise more than a handshake has. */
    static List<byte[]> garbage() {
        List<byte[]> garbage = new ArrayList<>();
        Random random = new Random(17);
        for (int i = 0; i < 50; i++) {
            byte[] bytes = new byte[1 + random.nextInt(4000)];
            random.nextBytes(bytes);
            // Not the beginning of a record that is waited for.
            bytes[0] = (byte) (24 + random.nextInt(200));
            garbage.add(bytes);
        }
        garbage.add("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        // A first message of 16 MB, promised in nine bytes and in pieces.
        byte[] huge = new byte[5 + 16_000];
        huge[0] = 22;
        huge[1] = 3;
        huge[2] = 1;
        huge[3] = (byte) (16_000 >> 8);
        huge[4] = (byte) (16_000 & 0xFF);
        huge[5] = 1;
        huge[6] = (byte) 0xFF;
        huge[7] = (byte) 0xFF;
        huge[8] = (byte) 0xFF;
        garbage.add(huge);
        // A record without content; one whose content is no first message; one that ends amid itself.
        garbage.add(new byte[] {22, 3, 1, 0, 0});
        garbage.add(new byte[] {22, 3, 1, 0, 4, 2, 0, 0, 0});
        byte[] cut = hello(0x0303);
        cut[8] = 4;
        cut[4] = 8;
        byte[] shorter = new byte[13];
        System.arraycopy(cut, 0, shorter, 0, shorter.length);
        garbage.add(shorter);
        // An alert, and a record of data, before anything else.
        garbage.add(new byte[] {21, 3, 1, 0, 2, 2, 40});
        garbage.add(new byte[] {23, 3, 3, 0, 2, 1, 1});
        return garbage;
    }

    /** Sends {@code bytes} and reads to the end, which must come within 20 s. */
    static byte[] answerTo(InetSocketAddress api, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(api.getAddress(), api.getPort())) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write(bytes);
            return socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // It was closed over bytes that it had not read.
            return new byte[0];
        }
    }

    static double failures(Slipstream proxy) throws IOException, InterruptedException {
        String metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(RunningProxy.adminUrl(proxy) + "/metrics"))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher found = FAILURES.matcher(metrics);
        if (!found.find()) {
            throw new AssertionError("not in " + metrics);
        }
        return Double.parseDouble(found.group(1));
    }

    /** Clients that begin a handshake, each as far as its turn says, and leave it there. One thread. */
    static final class Crowd implements AutoCloseable {
        private final List<SocketChannel> open = new ArrayList<>();
        private final ByteBuffer block = ByteBuffer.allocate(16 * 1024);

        /** Takes what has come, and lets go of those who were closed. */
        void look() throws IOException {
            for (Iterator<SocketChannel> each = open.iterator(); each.hasNext(); ) {
                SocketChannel channel = each.next();
                int read;
                try {
                    read = channel.read(block.clear());
                } catch (SocketException reset) {
                    read = -1;
                }
                if (read < 0) {
                    channel.close();
                    each.remove();
                }
            }
        }

        int left() {
            return open.size();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }

    /** Of {@code count}: silent ones, those who stop amid their first message, and those who stop behind it. */
    static Crowd crowd(InetSocketAddress api, int count) throws IOException {
        Crowd crowd = new Crowd();
        byte[] hello = goodHello();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(api);
            crowd.open.add(channel);
            int bytes = i % 3 == 0 ? 0 : i % 3 == 1 ? 60 : hello.length;
            channel.write(ByteBuffer.wrap(hello, 0, bytes));
            channel.configureBlocking(false);
        }
        return crowd;
    }

    /** A first message of TLS 1.2 that both engines answer: with the groups it needs. */
    private static byte[] goodHello() {
        byte[] plain = hello(0x0303);
        // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and the same with RSA.
        plain[plain.length - 6] = (byte) 0xC0;
        plain[plain.length - 5] = 0x2B;
        plain[plain.length - 4] = (byte) 0xC0;
        plain[plain.length - 3] = 0x2F;
        // supported_groups: secp256r1; ec_point_formats: uncompressed; signature_algorithms: ecdsa and rsa with
        // SHA-256.
        byte[] extensions = {0, 24, 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 6, 0, 4, 4, 3, 4, 1};
        byte[] whole = new byte[plain.length + extensions.length];
        System.arraycopy(plain, 0, whole, 0, plain.length);
        System.arraycopy(extensions, 0, whole, plain.length, extensions.length);
        whole[4] += (byte) extensions.length;
        whole[8] += (byte) extensions.length;
        return whole;
    }
}
