package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.bench.e2e.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy as a process of its own, for what cannot be done to the one that the tests run in. */
final class ForkedProxy implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile(".* api=127\\.0\\.0\\.1:(\\d+) admin=127\\.0\\.0\\.1:(\\d+) .*");

    final Command command;
    private final InetSocketAddress api;
    private final InetSocketAddress admin;

    /**
     * Starts it and waits until it is ready.
     *
     * @param shell what a shell does before it becomes the proxy; may be empty
     * @param yaml the configuration less listen and admin
     */
    ForkedProxy(Path directory, String shell, String yaml) throws IOException {
        Files.writeString(
                directory.resolve("forked.yaml"),
                "listen: { address: \"127.0.0.1:0\" }\nadmin: { address: \"127.0.0.1:0\" }\n" + yaml);
        command = Command.start(
                List.of("bash", "-c", shell + " exec \"$@\"", "bash"),
                Command.SERVER_MAIN,
                directory,
                "serve",
                "--config",
                "forked.yaml");
        command.awaitOut(1);
        Matcher ready = READY.matcher(command.out().get(0));
        if (!ready.matches()) {
            throw new AssertionError(command.toString());
        }
        api = local(ready.group(1));
        admin = local(ready.group(2));
    }

    private static InetSocketAddress local(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    Client client() throws IOException {
        return new Client(api);
    }

    InetSocketAddress api() {
        return api;
    }

    /** A connection to the admin listener. */
    Client adminClient() throws IOException {
        return new Client(admin);
    }

    /** The value of a metric without labels, scraped on a connection of its own. */
    long metric(String name) throws IOException {
        try (Client scraper = adminClient()) {
            scraper.out.write("GET /metrics HTTP/1.1\r\nhost: p\r\naccept: text/plain\r\n\r\n".getBytes(US_ASCII));
            Client.Answer answer = scraper.read();
            assertEquals(200, answer.status());
            for (String line : answer.text().split("\n", -1)) {
                if (line.startsWith(name + " ")) {
                    return (long) Double.parseDouble(line.substring(name.length() + 1));
                }
            }
            throw new AssertionError("no " + name + " in " + answer.text());
        }
    }

    /** How many lines of its log contain {@code part}. */
    long logged(String part) {
        return command.err().stream().filter(line -> line.contains(part)).count();
    }

    @Override
    public void close() {
        command.close();
    }
}
