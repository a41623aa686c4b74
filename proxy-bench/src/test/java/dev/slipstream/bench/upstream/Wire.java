package dev.slipstream.bench.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the tests of the providers say to them. */
final class Wire {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Wire() {}

    static HttpResponse<String> get(String url, String... headers) throws IOException, InterruptedException {
        return CLIENT.send(request(url, headers).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    static HttpResponse<String> post(String url, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest request = request(url, headers)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String url, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT);
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.header("content-type", "application/json");
    }

    static String chat(String text, boolean stream) {
        return "{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                + "\"}]}";
    }

    static String messages(String text, boolean stream) {
        return "{\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"" + text
                + "\"}]}],\"stream\":" + stream + ",\"model\":\"m\"}";
    }

    /** Opens a connection and sends one request on it. */
    static Socket send(int port, String path, String body, String... fields) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) LIMIT.toMillis());
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: "
                + bytes.length + "\r\n" + String.join("", fields) + "\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** Sends one request, and has the connection closed behind the answer. */
    static Socket sendLast(int port, String path, String body) throws IOException {
        return send(port, path, body, "connection: close\r\n");
    }

    /** The chunks of a chunked response, read to the end of the connection. */
    static List<String> chunks(byte[] response) {
        String text = new String(response, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\r\n\r\n") + 4;
        List<String> chunks = new ArrayList<>();
        while (at < text.length()) {
            int line = text.indexOf("\r\n", at);
            int size = Integer.parseInt(text.substring(at, line), 16);
            int start = line + 2;
            if (size > 0) {
                chunks.add(new String(response, start, size, StandardCharsets.UTF_8));
            }
            at = start + size + 2;
        }
        return chunks;
    }
}
