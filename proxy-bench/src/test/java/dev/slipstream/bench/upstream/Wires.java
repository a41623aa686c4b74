package dev.slipstream.bench.upstream;

import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The kinds of wire, each with a client that is not ours: the JDK's, or curl for HTTP/2 by prior knowledge. */
enum Wires {
    H1,
    H2C,
    H1_TLS,
    H2_TLS,
    TLS,
    TLS_BY_THE_JDK;

    /** A status of 0: the transfer broke. */
    record Response(int status, String body, String version) {}

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final HttpClient PLAIN =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final HttpClient ENCRYPTED = HttpClient.newBuilder()
            .sslContext(TestIdentity.trusting(SharedCertificates.authority().certificate()))
            .build();

    ProviderWire wire() {
        TestIdentity server = SharedCertificates.server();
        return switch (this) {
            case H1 -> ProviderWire.h1();
            case H2C -> ProviderWire.h2c();
            case H1_TLS -> ProviderWire.h1Tls(server);
            case H2_TLS -> ProviderWire.h2Tls(server);
            case TLS -> ProviderWire.tls(server);
            case TLS_BY_THE_JDK -> ProviderWire.tls(server).withEngine(ProviderWire.Engine.JDK);
        };
    }

    /** As {@link ReceivedRequest#protocol()} tells. */
    String protocol() {
        return this == H1 || this == H1_TLS ? "HTTP/1.1" : "HTTP/2";
    }

    Response post(String url, String body) throws IOException, InterruptedException {
        if (this == H2C) {
            return curl(url, body);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT).header("content-type", "application/json");
        request = body.isEmpty() ? request.GET() : request.POST(HttpRequest.BodyPublishers.ofString(body));
        try {
            HttpResponse<String> response =
                    (this == H1 ? PLAIN : ENCRYPTED).send(request.build(), HttpResponse.BodyHandlers.ofString());
            String version = response.version() == HttpClient.Version.HTTP_2 ? "HTTP/2" : "HTTP/1.1";
            return new Response(response.statusCode(), response.body(), version);
        } catch (IOException broken) {
            return new Response(0, broken.toString(), "");
        }
    }

    private static Response curl(String url, String body) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("wires");
        Path in = Files.writeString(folder.resolve("in"), body);
        Path out = folder.resolve("out");
        Path told = folder.resolve("told");
        ProcessBuilder command = new ProcessBuilder(
                "curl",
                "-sS",
                "--http2-prior-knowledge",
                "-m",
                "30",
                "-o",
                out.toString(),
                "-H",
                "content-type: application/json",
                "-w",
                "%{http_code} %{http_version}",
                url);
        if (!body.isEmpty()) {
            command.command().addAll(java.util.List.of("--data-binary", "@" + in));
        }
        Process curl;
        try {
            curl = command.redirectOutput(told.toFile())
                    .redirectError(folder.resolve("err").toFile())
                    .start();
        } catch (IOException e) {
            Assumptions.abort("no curl here to speak HTTP/2 by prior knowledge");
            throw e;
        }
        try {
            if (!curl.waitFor(LIMIT.toSeconds() + 5, TimeUnit.SECONDS)) {
                throw new AssertionError("curl does not end");
            }
            String[] words = Files.readString(told).split(" ", -1);
            String text = Files.exists(out) ? Files.readString(out, StandardCharsets.UTF_8) : "";
            return curl.exitValue() == 0
                    ? new Response(Integer.parseInt(words[0]), text, "HTTP/" + words[1])
                    : new Response(0, "curl exits with " + curl.exitValue(), "");
        } finally {
            curl.destroyForcibly();
            for (String name : new String[] {"in", "out", "told", "err"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }
}
