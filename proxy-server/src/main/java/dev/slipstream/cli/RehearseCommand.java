package dev.slipstream.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.boot.Slipstream;
import dev.slipstream.config.LoadResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code rehearse}: starts a proxy before a provider of its own, sends a few requests through it, has it warm itself up, and
 * ends. For the launcher, which has the JVM write down the classes that this takes (AppCDS, AOT cache); it is not among the
 * commands of the help. Loopback and free ports alone; nothing of the environment is read.
 */
final class RehearseCommand {
    private static final int READ_LIMIT_MILLIS = 10_000;
    private static final String KEY = "sk-slip-rehearsal-0001";

    private static final String WHOLE = "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":25,\"completion_tokens\":8,\"total_tokens\":33}}";
    private static final String EVENT =
            "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private RehearseCommand() {}

    /** @return the exit code: not 0 where a request was not answered as it must be */
    static int run(PrintStream out, PrintStream err, Signals signals) {
        Path file = null;
        try (ServerSocket provider = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread accepting = new Thread(() -> accept(provider), "slipstream-rehearsal-accept");
            accepting.setDaemon(true);
            accepting.start();
            file = Files.createTempFile("slipstream-rehearsal", ".yaml");
            Files.writeString(file, configuration(provider.getLocalPort()));
            ServeCommand.Arguments arguments =
                    ServeCommand.Arguments.parse(new String[] {"--config", file.toString(), "--listen", "127.0.0.1:0"});
            LoadResult result = ServeCommand.load(arguments, Map.of(), Path.of(""));
            if (!(result instanceof LoadResult.Loaded loaded)) {
                throw new IllegalStateException("the rehearsal's own configuration: " + result);
            }
            LogSetup.apply(loaded.config().log());
            CompletableFuture<Integer> answered = new CompletableFuture<>();
            int code = Launch.serve(
                    loaded.config(),
                    loaded.messages(),
                    out,
                    err,
                    signals,
                    slipstream -> rehearse(slipstream, signals, answered));
            out.println("rehearsed " + answered.get(0, TimeUnit.SECONDS) + " requests");
            return code;
        } catch (IOException | ExecutionException | TimeoutException e) {
            err.println("slipstream: the rehearsal failed: " + Terminal.clean(String.valueOf(e.getMessage())));
            return ExitCode.BAD_INPUT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERNAL;
        } finally {
            delete(file);
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // It is the system's temporary folder, and holds no secret.
            }
        }
    }

    /** On a thread of its own, which ends the proxy behind its requests. */
    private static void rehearse(Slipstream slipstream, Signals signals, CompletableFuture<Integer> answered) {
        Thread client = new Thread(
                () -> {
                    try {
                        answered.complete(Rehearsal.requests(
                                slipstream.apiAddress(), slipstream.adminAddress(), "rehearsal", KEY));
                        slipstream.awaitWarmUp();
                    } catch (IOException | RuntimeException e) {
                        answered.completeExceptionally(e);
                    } finally {
                        signals.end();
                    }
                },
                "slipstream-rehearsal");
        client.setDaemon(true);
        client.start();
    }

    /** The second provider speaks TLS, and finds nobody who does: what a connection to it takes is loaded all the same. */
    private static String configuration(int port) {
        return """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                keys: [ { name: rehearsal, key: %s } ]
                log: { level: error }
                timeouts: { connect: 1s }
                providers:
                  plain: { base_url: "http://127.0.0.1:%d/v1", dialect: openai, api_key: none }
                  encrypted: { base_url: "https://127.0.0.1:%d/v1", dialect: openai, api_key: none }
                  messages: { base_url: "http://127.0.0.1:%d", dialect: anthropic, api_key: none }
                models:
                  - name: rehearsal
                    targets: [ { provider: plain, model: renamed }, { provider: messages } ]
                  - name: "other-*"
                    targets: [ { provider: encrypted } ]
                """.formatted(KEY, port, port, port);
    }

    private static void accept(ServerSocket provider) {
        while (!provider.isClosed()) {
            try {
                Socket socket = provider.accept();
                Thread serving = new Thread(() -> serve(socket), "slipstream-rehearsal-provider");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                // Closed: the rehearsal is over.
                return;
            }
        }
    }

    /** Answers every request alike, streamed where it asks for that; a request ends with the end of its JSON. */
    private static void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout(READ_LIMIT_MILLIS);
            InputStream in = socket.getInputStream();
            byte[] block = new byte[4096];
            StringBuilder request = new StringBuilder();
            for (int read = in.read(block); read > 0; read = in.read(block)) {
                request.append(new String(block, 0, read, US_ASCII));
                if (block[0] == 0x16) {
                    // A TLS handshake.
                    return;
                }
                if (request.toString().endsWith("]}")) {
                    socket.getOutputStream()
                            .write(answer(request.indexOf("\"stream\":true") > 0)
                                    .getBytes(US_ASCII));
                    request.setLength(0);
                }
            }
        } catch (IOException e) {
            // The proxy's connection has ended with it.
        }
    }

    private static String answer(boolean stream) {
        if (!stream) {
            return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + WHOLE.length() + "\r\n\r\n"
                    + WHOLE;
        }
        return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" + chunk(EVENT)
                + chunk(DONE) + "0\r\n\r\n";
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }
}
