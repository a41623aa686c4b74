package dev.slipstream.bench.upstream;

import dev.slipstream.codec.Dialect;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads recorded exchanges: a JSON object per line; blank lines are skipped. */
public final class RecordedExchanges {
    private static final String BUNDLED = "exchanges.jsonl";

    private RecordedExchanges() {}

    /** The exchanges that come with this module; {@code NOTICE.md} beside them tells their sources. */
    public static List<RecordedExchange> bundled() throws IOException {
        try (InputStream in = RecordedExchanges.class.getResourceAsStream(BUNDLED)) {
            if (in == null) {
                throw new IOException("the class path lacks " + BUNDLED);
            }
            return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or a line is not a record; the message names the line
     */
    public static List<RecordedExchange> load(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return read(lines);
        }
    }

    private static List<RecordedExchange> read(BufferedReader lines) throws IOException {
        Json json = new Json();
        List<RecordedExchange> exchanges = new ArrayList<>();
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                exchanges.add(exchange(json.readObject(line.getBytes(StandardCharsets.UTF_8))));
            } catch (IOException | IllegalArgumentException e) {
                throw new IOException("line " + number + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(exchanges);
    }

    private static RecordedExchange exchange(Map<String, @Nullable Object> object) {
        Map<String, @Nullable Object> source = Json.child(object, "source");
        Map<String, @Nullable Object> request = Json.child(object, "request");
        Map<String, @Nullable Object> response = Json.child(object, "response");
        int status = (int) Json.number(response, "status", 0);
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("response.status is missing or no status");
        }
        if (Json.text(request, "path").isEmpty()) {
            throw new IllegalArgumentException("request.path is missing");
        }
        List<String> features = new ArrayList<>();
        for (Object feature : Json.list(object, "features")) {
            features.add(String.valueOf(feature));
        }
        return new RecordedExchange(
                Json.text(object, "id"),
                new RecordedExchange.Source(
                        Json.text(source, "repo"),
                        Json.text(source, "path"),
                        Json.text(source, "commit"),
                        Json.text(source, "licence")),
                Dialect.valueOf(Json.text(object, "dialect").toUpperCase(Locale.ROOT)),
                Json.text(object, "kind"),
                Json.text(object, "model"),
                Boolean.TRUE.equals(object.get("streaming")),
                features,
                new RecordedExchange.Request(
                        Json.text(request, "method"),
                        Json.text(request, "path"),
                        headers(request),
                        Json.text(request, "body")),
                new RecordedExchange.Response(status, headers(response), Json.text(response, "body")));
    }

    private static Map<String, String> headers(Map<String, @Nullable Object> message) {
        Map<String, String> headers = new LinkedHashMap<>();
        Json.child(message, "headers")
                .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), String.valueOf(value)));
        return headers;
    }
}
