package dev.slipstream.bench.macro;

import dev.slipstream.bench.upstream.SimulatedProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** What the provider answers when it is asked directly: what a good client must get through the proxy. Any thread. */
final class ExpectedAnswers {
    private static final Pattern VARYING = Pattern.compile("\"id\":\"[^\"]*\"|\"created\":\\d+");

    private final InetSocketAddress provider;
    private final Map<String, String> byShape = new ConcurrentHashMap<>();

    ExpectedAnswers(SimulatedProvider provider) {
        this.provider = new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.port());
    }

    /** @throws IOException if {@code answer} is not what {@code request} should have got */
    void check(StormRequest request, StormClient.Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status() + ": " + answer.body());
        }
        String expected = byShape.get(request.shape());
        if (expected == null) {
            expected = normal(ask(request));
            byShape.put(request.shape(), expected);
        }
        String got = normal(answer.body());
        if (!got.equals(expected)) {
            throw new IOException(request.shape() + ": " + got.length() + " bytes, expected " + expected.length()
                    + ", the first difference at " + firstDifference(got, expected));
        }
    }

    private String ask(StormRequest request) throws IOException {
        try (StormClient client = new StormClient(provider)) {
            client.send(request.bytes("none"));
            return client.read(StormClient.Pace.FULL).body();
        }
    }

    private static String normal(String body) {
        return VARYING.matcher(body).replaceAll("");
    }

    private static int firstDifference(String one, String other) {
        int at = 0;
        while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }
}
