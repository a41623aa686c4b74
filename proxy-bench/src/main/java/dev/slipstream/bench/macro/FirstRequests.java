package dev.slipstream.bench.macro;

import dev.slipstream.bench.tls.TestCertificates;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench first-request}: what the first requests of a process take, with the warm-up and without. */
@Command(
        name = "first-request",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a proxy anew, waits behind its ready line, and sends requests one behind the other on one",
            "connection: with runtime.warm_up true and false in turn, and each provider. The provider and the client",
            "are of this process and were warmed up without a proxy. scripts/bench-first-request pins both."
        })
public final class FirstRequests implements Callable<Integer> {
    private static final List<ProviderKind> KINDS = List.of(ProviderKind.H1, ProviderKind.H2_TLS);
    private static final int DIRECT_REQUESTS = 20_000;
    /** Through a proxy that is not measured. */
    private static final int PROVIDER_REQUESTS = 10_000;

    private static final String KEY = "sk-slip-bench-key-0001";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--before",
            paramLabel = "COMMAND",
            split = " ",
            description = "stands before the proxy's own command, such as 'taskset -c 0'")
    private List<String> before = List.of();

    @Option(names = "--starts", paramLabel = "N", description = "of each variant; default: ${DEFAULT-VALUE}")
    private int starts = 7;

    @Option(names = "--requests", paramLabel = "N", description = "behind each start; default: ${DEFAULT-VALUE}")
    private int requests = 1000;

    @Option(
            names = "--wait-millis",
            paramLabel = "MS",
            split = ",",
            description = "between the ready line and the first request; default: ${DEFAULT-VALUE}")
    private List<Integer> waitsMillis = List.of(3000, 0);

    @Option(names = "--raw", paramLabel = "FILE", description = "one line for each start, CSV")
    private @Nullable Path raw;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (starts < 1 || requests < 1) {
            throw new IllegalArgumentException("a figure is too small");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("runs on: " + System.getProperty("java.vm.name") + " " + Runtime.version());
        FirstRequestResults results = new FirstRequestResults(requests);
        Path authority = Files.createTempFile("first-request-ca", ".pem");
        try (TestCertificates certificates = TestCertificates.create()) {
            Files.writeString(authority, certificates.authority().certificatePem());
            try (SimulatedProvider direct = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
                long[] times = measure(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), direct.port()), DIRECT_REQUESTS);
                results.add("direct", false, 0, 0, tail(times));
            }
            try (SimulatedProvider h1 = provider(KINDS.get(0), certificates);
                    SimulatedProvider h2 = provider(KINDS.get(1), certificates)) {
                List<SimulatedProvider> providers = List.of(h1, h2);
                for (int start = 0; start <= starts; start++) {
                    out.println(start == 0 ? "warming up the provider" : "start " + start + " of " + starts);
                    out.flush();
                    for (int kind = 0; kind < KINDS.size(); kind++) {
                        String label = KINDS.get(kind).label();
                        String upstream =
                                KINDS.get(kind).yaml(providers.get(kind).openAiBaseUrl(), authority);
                        if (start == 0) {
                            run(upstream, true, 0, PROVIDER_REQUESTS);
                            continue;
                        }
                        for (int waitMillis : waitsMillis) {
                            // Who is first changes from start to start.
                            for (int turn = 0; turn < 2; turn++) {
                                boolean warmUp = (start + turn) % 2 == 0;
                                results.add(
                                        label, warmUp, waitMillis, start, run(upstream, warmUp, waitMillis, requests));
                            }
                        }
                    }
                }
            }
        } finally {
            Files.deleteIfExists(authority);
        }
        out.print(results.table());
        out.flush();
        if (raw != null) {
            Files.writeString(raw, results.csv(), StandardCharsets.US_ASCII);
        }
        return 0;
    }

    /** The last of them, when client and provider are warm. */
    private long[] tail(long[] times) {
        long[] last = new long[Math.min(requests, times.length)];
        System.arraycopy(times, times.length - last.length, last, 0, last.length);
        return last;
    }

    private static SimulatedProvider provider(ProviderKind kind, TestCertificates certificates) throws IOException {
        return SimulatedProvider.start(SimulatedProviderOptions.defaults().withWire(kind.wire(certificates.server())));
    }

    private long[] run(String upstream, boolean warmUp, int waitMillis, int requests) throws IOException {
        String yaml = """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                runtime: { loops: 1, warm_up: %s }
                keys: [ { name: bench, key: %s } ]
                providers:
                  upstream: %s
                models:
                  - name: chat-model
                    targets: [ { provider: upstream, model: upstream-model } ]
                """.formatted(warmUp, KEY, upstream);
        try (ProxyProcess proxy = ProxyProcess.start(yaml, before)) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return measure(proxy.api(), requests);
        }
    }

    /** Of each request, from before it was written to the last byte of its answer. The first one's connect counts. */
    private static long[] measure(InetSocketAddress address, int requests) throws IOException {
        byte[] request = request();
        long[] nanos = new long[requests];
        long from = System.nanoTime();
        try (StormClient client = new StormClient(address)) {
            for (int i = 0; i < requests; i++) {
                client.send(request);
                StormClient.Answer answer = client.read(StormClient.Pace.FULL);
                long now = System.nanoTime();
                if (answer.status() != 200) {
                    throw new IOException("request " + (i + 1) + ": " + answer.head() + answer.body());
                }
                nanos[i] = now - from;
                from = System.nanoTime();
            }
        }
        return nanos;
    }

    private static byte[] request() {
        String body = "{\"model\":\"chat-model\",\"max_tokens\":256,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "Put this paragraph into one sentence. ".repeat(20) + "\"}]}";
        return ("POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer " + KEY
                        + "\r\naccept: application/json\r\ncontent-type: application/json\r\ncontent-length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
