package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.boot.Slipstream;
import dev.slipstream.boot.StartFailedException;
import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A proxy before a recording provider, and the cases run through it one after another. One thread at a time. */
final class Lane implements AutoCloseable {
    private static final AtomicInteger MARKERS = new AtomicInteger();
    private static final long SETTLE_NANOS = 10_000_000_000L;

    /** What a lane needs other than the defaults; sections of the configuration. */
    record Settings(String limits, String timeouts, String more) {
        static final Settings USUAL = new Settings(
                "header: 16KiB, target: 4KiB, header_fields: 60, body: 4MiB, json_depth: 64, scan_first: 8KiB,"
                        + " held_body: 2MiB",
                "linger: 150ms, connect: 2s, first_byte: 8s, between_bytes: 8s",
                "");
    }

    private final Recorder upstream;
    private final Slipstream proxy;

    Lane(Settings settings, Map<String, Recorder.Script> scripts) throws IOException, StartFailedException {
        upstream = new Recorder(scripts);
        String base = "http://127.0.0.1:" + upstream.port();
        String dead = "http://127.0.0.1:" + freePort();
        String yaml = String.join(
                "\n",
                "listen: { address: \"127.0.0.1:0\" }",
                "admin: { address: \"127.0.0.1:0\", token: " + Raw.ADMIN_TOKEN + " }",
                "keys: [ { name: one, key: " + Raw.KEY + " }, { name: two, key: " + Raw.OTHER_KEY + " } ]",
                "runtime: { loops: 1, warm_up: false }",
                "log: { level: debug }",
                "limits: { " + settings.limits() + " }",
                "timeouts: { " + settings.timeouts() + " }",
                "pool: { warm: 0 }",
                "providers:",
                "  oa: { base_url: \"" + base + "/base/v1\", dialect: openai, api_key: " + Raw.PROVIDER_KEY + " }",
                "  an: { base_url: \"" + base + "/anth\", dialect: anthropic, api_key: " + Raw.PROVIDER_KEY + " }",
                "  quick: { base_url: \"" + base + "/base/v1\", dialect: openai, api_key: " + Raw.PROVIDER_KEY
                        + ", timeouts: { first_byte: 300ms, between_bytes: 300ms } }",
                "  gone: { base_url: \"" + dead + "/base/v1\", dialect: openai, api_key: " + Raw.PROVIDER_KEY + " }",
                "models:",
                "  - { name: alias, targets: [ { provider: oa, model: real-model }, { provider: an, model: real-model } ] }",
                "  - { name: plain, targets: [ { provider: oa }, { provider: an } ] }",
                "  - { name: \"wild-*\", targets: [ { provider: oa } ] }",
                "  - { name: quick, targets: [ { provider: quick } ] }",
                "  - { name: dead, targets: [ { provider: gone } ] }",
                "  - { name: two-steps, targets: [ { provider: gone }, { provider: oa, model: real-model } ] }",
                settings.more());
        LoadResult result = ConfigLoader.fromText("attacks.yaml", yaml, Map.of(), Overrides.none());
        if (!(result instanceof LoadResult.Loaded loaded)) {
            throw new IllegalStateException(result.toString());
        }
        proxy = Slipstream.start(loaded.config());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    Slipstream proxy() {
        return proxy;
    }

    Recorder upstream() {
        return upstream;
    }

    static String nextMarker() {
        return Raw.marker(MARKERS.incrementAndGet());
    }

    RawClient connect(int receiveBuffer) throws IOException {
        return new RawClient(proxy.apiAddress(), nextMarker(), receiveBuffer);
    }

    /** Runs {@code what} and fails where anything came of it that its line does not allow. */
    void run(Case what) throws IOException {
        try (RawClient client = connect(what.receiveBuffer)) {
            for (Case.Step step : what.steps) {
                step.run(client, this);
            }
            while (client.finals().size() < what.answers && client.readOne()) {
                // Until all answers are here.
            }
            String again = "";
            if (what.close == Case.Close.KEEPS && client.end() == RawClient.End.OPEN) {
                again = nextMarker();
                client.send(benign(again));
                client.readOne();
            } else if (what.close == Case.Close.CLOSES) {
                client.readToEnd();
            }
            Verdict.onClient(what, client, again, upstream.port());
            client.leave();
            settle();
            Verdict.onUpstream(what, client, again, upstream.takeRequests(), upstream.takeFaults());
        }
        harmless(
                what.up == Case.Up.AT_MOST_INCOMPLETE || what.up == Case.Up.AT_MOST_ONE || what.up == Case.Up.ANYTHING);
        assertEquals(0, Canary.ONE.touched(), "the canary port was touched");
    }

    /** What the admin listener answers to a GET with its token. */
    String admin(String path) throws IOException {
        return admin(path, "authorization: Bearer " + Raw.ADMIN_TOKEN);
    }

    String admin(String path, String field) throws IOException {
        try (RawClient client = new RawClient(proxy.adminAddress(), nextMarker())) {
            client.send(Raw.bare("GET " + path + " HTTP/1.1", Raw.HOST, field, "connection: close"));
            client.readToEnd();
            return client.all();
        }
    }

    private static String benign(String marker) {
        return Raw.post(Raw.BODY.replace(Raw.MARK, marker));
    }

    /** A harmless request on a new connection gets its own answer. */
    void harmless() throws IOException {
        harmless(false);
    }

    /**
     * @param straggler whether the case before may have left an incomplete request, which the provider may come to see only
     *     now: its connection can have been opened and given up before the provider accepted it
     */
    private void harmless(boolean straggler) throws IOException {
        String marker;
        try (RawClient client = connect(0)) {
            marker = client.marker();
            client.send(Raw.post(Raw.BODY));
            assertTrue(client.readOne(), () -> "no answer to a harmless request; " + client.end());
            assertEquals(200, client.finals().get(0).status(), "a harmless request");
            assertEquals(
                    "{\"marker\":\"" + client.marker() + "\"}",
                    client.finals().get(0).body());
        }
        settle();
        List<Message> seen = new ArrayList<>(upstream.takeRequests());
        if (straggler) {
            seen.removeIf(request -> !request.complete() && !request.body().contains(marker));
        }
        assertEquals(1, seen.size(), "the provider saw of a harmless request");
        assertEquals(List.of(), upstream.takeFaults());
    }

    /** Waits until nothing is under way on either side. */
    void settle() {
        until(
                "exchanges end",
                () -> proxy.clientConnections() == 0 && proxy.exchangesInUse() == 0 && proxy.inFlight() == 0);
        until("streams are given back", () -> proxy.busyUpstreamConnections() == 0);
        until("the provider is quiet", upstream::isQuiet);
        assertEquals(0, proxy.bufferedBytes(), "body bytes held for nobody");
    }

    static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > SETTLE_NANOS) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        upstream.close();
    }
}
