package dev.slipstream.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** The requests of a rehearsal: what a client asks for first. Blocks; over sockets of HTTP/1.1, one for each request. */
public final class Rehearsal {
    private static final int LIMIT_MILLIS = 10_000;

    private Rehearsal() {}

    /**
     * Sends them to a proxy, one behind the other.
     *
     * @param model a name that it knows, for both dialects
     * @return how many were answered with 200
     * @throws IOException if one was not
     */
    public static int requests(InetSocketAddress api, InetSocketAddress admin, String model, String key)
            throws IOException {
        int answered = 0;
        for (boolean stream : List.of(false, true)) {
            for (String path : List.of("/v1/chat/completions", "/v1/messages")) {
                String body = "{\"model\":\"" + model + "\",\"max_tokens\":16,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
                String anthropic = path.endsWith("messages") ? "anthropic-version: 2023-06-01\r\n" : "";
                answered += answered(
                        api,
                        "POST " + path + " HTTP/1.1\r\nhost: rehearsal\r\nconnection: close\r\nauthorization: Bearer "
                                + key + "\r\ncontent-type: application/json\r\n" + anthropic + "content-length: "
                                + body.length() + "\r\n\r\n" + body);
            }
        }
        answered += answered(api, get("/health", "*/*"));
        answered += answered(api, get("/v1/models", "*/*\r\nauthorization: Bearer " + key));
        for (String accept : List.of("text/plain", "application/json")) {
            answered += answered(admin, get("/metrics", accept));
        }
        return answered;
    }

    private static String get(String path, String accept) {
        return "GET " + path + " HTTP/1.1\r\nhost: rehearsal\r\nconnection: close\r\naccept: " + accept + "\r\n\r\n";
    }

    private static int answered(InetSocketAddress address, String request) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            InputStream in = socket.getInputStream();
            String head = new String(in.readNBytes(12), US_ASCII);
            in.readAllBytes();
            if (!head.endsWith(" 200")) {
                throw new IOException("a rehearsal's request was answered " + Terminal.clean(head));
            }
            return 1;
        }
    }
}
