package dev.slipstream.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("The commands of the load generator")
class LoadCommandTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object command, String... arguments) {
        CommandLine commandLine = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    @DisplayName("want a rate or a concurrency, and not both")
    void usage() {
        assertEquals(2, run(new Load(), "--url", "http://127.0.0.1:1/v1"));
        assertEquals(2, run(new Load(), "--url", "http://127.0.0.1:1/v1", "--rate", "1", "--concurrency", "1"));
        assertEquals(2, run(new Load(), "--url", "http://127.0.0.1:1/v1", "--rate", "1", "--body", "big"));
    }

    @Test
    @DisplayName("print a table, CSV or JSON, write histograms and a plot, and end with 1 where the rate was not kept")
    void load() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            String url = provider.openAiBaseUrl();
            int code = run(
                    new Load(),
                    "--url",
                    url,
                    "--concurrency",
                    "4",
                    "--requests",
                    "40",
                    "--warmup",
                    "0",
                    "--scenario",
                    "mixed",
                    "--out",
                    folder.toString(),
                    "--name",
                    "try");
            assertEquals(0, code, err::toString);
            assertTrue(out.toString().contains("requests: 40, ok 40"), out::toString);
            for (String file : new String[] {"try.hlog", "try.total.hgrm", "try.md", "try.json", "try.svg"}) {
                assertTrue(Files.size(folder.resolve(file)) > 100, file);
            }
            code = run(
                    new Load(),
                    "--url",
                    url,
                    "--rate",
                    "200",
                    "--seconds",
                    "0.1",
                    "--warmup",
                    "0",
                    "--json",
                    "--max-lateness",
                    "0.000001");
            assertEquals(1, code);
            assertTrue(out.toString().contains("\"refused\":\"late\""), out::toString);
        }
    }

    @Test
    @DisplayName("compare a proxy with its provider: table, stages, verdict, files")
    void versusDirect() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            Slipstream proxy = PROXIES.start("""
                    keys: [ { name: bench, key: sk-bench } ]
                    providers:
                      upstream: { base_url: "%s", dialect: openai, api_key: sk-up }
                    models:
                      - name: chat-model
                        targets: [ { provider: upstream, model: upstream-model } ]
                    """.formatted(provider.openAiBaseUrl()));
            String[] ways = {
                "--direct",
                provider.openAiBaseUrl(),
                "--proxied",
                RunningProxy.url(proxy) + "/v1",
                "--proxy-key",
                "sk-bench",
                "--admin",
                RunningProxy.adminUrl(proxy),
                "--out",
                folder.toString()
            };
            assertEquals(0, run(new VersusDirect(), with(ways, "--few", "2", "--usd-per-million", "1")), err::toString);
            assertTrue(out.toString().startsWith("cost cap: 6 requests, at most "), out::toString);
            assertTrue(out.toString().contains("| slipstream | chat |"), out::toString);

            int code = run(
                    new VersusDirect(),
                    with(
                            ways,
                            "--rate",
                            "200",
                            "--cold-rate",
                            "50",
                            "--seconds",
                            "0.3",
                            "--lead",
                            "0.1",
                            "--warmup",
                            "0",
                            "--rounds",
                            "1",
                            "--connections",
                            "4",
                            "--max-lateness",
                            "60000"));
            assertEquals(0, code, err::toString);
            assertTrue(out.toString().contains("| slipstream | 60 | 60 | none |"), out::toString);
            assertTrue(out.toString().contains("| route | "), out::toString);
            assertTrue(out.toString().contains("T3, added p50"), out::toString);
            for (String file : new String[] {"raw.csv", "result.md", "percentiles.svg", "slipstream.hlog"}) {
                assertTrue(Files.size(folder.resolve(file)) > 100, file);
            }
        }
    }

    private static String[] with(String[] first, String... more) {
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
