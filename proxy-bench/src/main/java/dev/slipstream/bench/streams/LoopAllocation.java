package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Slipstream's loops have allocated, as its metrics tell.
 *
 * @param admin base URL of the admin listener
 */
record LoopAllocation(URI admin) {
    private static final Pattern LINE = Pattern.compile("(?m)^slipstream_loop_allocated_bytes\\{[^}]*} (\\S+)$");
    private static final int LIMIT_MILLIS = 5000;

    /** All loops together. */
    double bytes() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) admin.resolve("/metrics").toURL().openConnection();
        connection.setConnectTimeout(LIMIT_MILLIS);
        connection.setReadTimeout(LIMIT_MILLIS);
        try (InputStream in = connection.getInputStream()) {
            return parse(new String(in.readAllBytes(), UTF_8));
        } finally {
            connection.disconnect();
        }
    }

    static double parse(String metrics) throws IOException {
        double sum = 0;
        Matcher matcher = LINE.matcher(metrics);
        if (!matcher.find()) {
            throw new IOException("there is no slipstream_loop_allocated_bytes");
        }
        do {
            sum += Double.parseDouble(matcher.group(1));
        } while (matcher.find());
        return sum;
    }
}
