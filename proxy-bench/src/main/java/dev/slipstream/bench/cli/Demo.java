package dev.slipstream.bench.cli;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.cli.Signals;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code demo}: a simulated provider and the proxy before it; no key, no network. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "A simulated provider and the proxy before it: no key, no network. Runs until a signal.")
final class Demo implements Callable<Integer> {
    static final int API_PORT = 8080;
    static final int ADMIN_PORT = 8081;
    private static final Pattern API_ADDRESS = Pattern.compile("\\bapi=(\\S+)");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Signals signals = Signals.listen();
        DemoLauncher.limitDirectMemory();
        return UntilSignal.close(signals, start(DemoLauncher.proxy(), out, err));
    }

    /** Starts both and prints what there is to know; closing the result closes both, the proxy first. */
    static AutoCloseable start(DemoProxy proxy, PrintWriter out, PrintWriter err) throws IOException {
        return start(proxy, out, freeOrAny(API_PORT, err), freeOrAny(ADMIN_PORT, err));
    }

    /** The same on given ports; 0: any free one. */
    static AutoCloseable start(DemoProxy proxy, PrintWriter out, int apiPort, int adminPort) throws IOException {
        SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults()
                .withFirstTokenDelay(Duration.ofMillis(200))
                .withTokenGap(Duration.ofMillis(30))
                .withTokens(45)
                .withModels(List.of("demo")));
        try {
            String ready = proxy.start(configuration(apiPort, adminPort, provider));
            out.println(ready);
            curlLines("http://" + apiAddress(ready)).forEach(out::println);
            out.flush();
        } catch (IOException | RuntimeException e) {
            proxy.close();
            provider.close();
            throw e;
        }
        return () -> {
            try (provider) {
                proxy.close();
            }
        };
    }

    /** The port if nobody listens on it, else 0; says so. */
    private static int freeOrAny(int port, PrintWriter err) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return port;
        } catch (IOException e) {
            err.println("slipstream demo: port " + port + " is in use, taking any free one");
            err.flush();
            return 0;
        }
    }

    static String configuration(int apiPort, int adminPort, SimulatedProvider provider) {
        return """
                listen: { address: "127.0.0.1:%d" }
                admin: { address: "127.0.0.1:%d" }
                providers:
                  sim-openai:    { base_url: "%s", dialect: openai }
                  sim-anthropic: { base_url: "%s", dialect: anthropic }
                models:
                  - name: demo
                    targets: [ { provider: sim-openai }, { provider: sim-anthropic } ]
                """.formatted(apiPort, adminPort, provider.openAiBaseUrl(), provider.anthropicBaseUrl());
    }

    private static String apiAddress(String readyLine) {
        Matcher matcher = API_ADDRESS.matcher(readyLine);
        if (!matcher.find()) {
            throw new IllegalStateException("no api= in the ready line: " + readyLine);
        }
        return matcher.group(1);
    }

    /** Both dialects, whole and streamed; each is one line for a shell. */
    static List<String> curlLines(String api) {
        String chat = "curl -sSN " + api + "/v1/chat/completions -H 'content-type: application/json' -d "
                + "'{\"model\":\"demo\",%s\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'";
        String messages = "curl -sSN " + api + "/v1/messages -H 'content-type: application/json' "
                + "-H 'anthropic-version: 2023-06-01' -d "
                + "'{\"model\":\"demo\",\"max_tokens\":64,%s\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'";
        String streamed = "\"stream\":true,";
        return List.of(
                chat.formatted(""), chat.formatted(streamed), messages.formatted(""), messages.formatted(streamed));
    }
}
