package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that is started again and again.
 *
 * @param port of 127.0.0.1, on which it will listen
 * @param environment beside what this process has
 */
record StartLeg(String name, int port, Map<String, String> environment, List<String> command, String key) {
    /** Asked as often as that: what is measured is late by that much at most. */
    private static final long ASK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long LIMIT_SECONDS = 30;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int HEAD_BYTES = 12;

    /**
     * How one start went.
     *
     * @param listensNanos until a connection was accepted
     * @param answeredNanos until an answer with status 200 had begun
     */
    record Times(long listensNanos, long answeredNanos) {}

    /**
     * {@code NAME PORT [VARIABLE=VALUE…] COMMAND…}.
     *
     * @throws IllegalArgumentException where it is something else
     */
    static StartLeg parse(String text, String key) {
        List<String> words = new ArrayList<>(Arrays.asList(text.trim().split("\\s+")));
        if (words.size() < 3 || !words.get(1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("'" + text + "' is not NAME PORT COMMAND");
        }
        String name = words.remove(0);
        int port = Integer.parseInt(words.remove(0));
        Map<String, String> environment = new LinkedHashMap<>();
        while (!words.isEmpty() && words.get(0).matches("[A-Za-z_][A-Za-z0-9_]*=.*")) {
            String word = words.remove(0);
            int equals = word.indexOf('=');
            environment.put(
                    word.substring(0, equals), word.substring(equals + 1).replace(',', ' '));
        }
        if (words.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' has no command");
        }
        return new StartLeg(name, port, environment, List.copyOf(words), key);
    }

    /**
     * Starts it, waits for its first answer, and ends it.
     *
     * @throws IOException if it ends before, does not answer within half a minute, or answers anything but 200
     */
    Times start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        byte[] request = request();
        long from = System.nanoTime();
        Process process = builder.start();
        try (Socket socket = connect(process, from)) {
            long listens = System.nanoTime() - from;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            String head = new String(in.readNBytes(HEAD_BYTES), US_ASCII);
            long answered = System.nanoTime() - from;
            if (!head.endsWith(" 200")) {
                throw new IOException(name + " answers '" + head + "'");
            }
            return new Times(listens, answered);
        } finally {
            end(process);
        }
    }

    private Socket connect(Process process, long from) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        while (System.nanoTime() - from < TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
            Socket socket = new Socket();
            try {
                socket.connect(address);
                return socket;
            } catch (IOException refused) {
                socket.close();
            }
            if (!process.isAlive()) {
                throw new IOException(name + " ended with " + process.exitValue() + " before it listened");
            }
            LockSupport.parkNanos(ASK_NANOS);
        }
        throw new IOException(name + " does not listen on port " + port);
    }

    private byte[] request() {
        String body =
                "{\"model\":\"chat-model\",\"max_tokens\":256,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        return ("POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer " + key
                        + "\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
