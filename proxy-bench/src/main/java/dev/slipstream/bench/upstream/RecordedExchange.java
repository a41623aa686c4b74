package dev.slipstream.bench.upstream;

import dev.slipstream.codec.Dialect;
import java.util.List;
import java.util.Map;

/**
 * A request to a provider and its answer, as recorded.
 *
 * @param source where the recording comes from, for attribution
 * @param kind chat_completions, messages, count_tokens or models
 * @param model as recorded; empty where the request names none
 * @param features what is remarkable about it
 */
public record RecordedExchange(
        String id,
        Source source,
        Dialect dialect,
        String kind,
        String model,
        boolean streaming,
        List<String> features,
        Request request,
        Response response) {

    /** A file in a public repository, at a commit, under a licence. */
    public record Source(String repository, String path, String commit, String licence) {}

    /** @param path path and query */
    public record Request(String method, String path, Map<String, String> headers, String body) {}

    /** @param headers names in lower case; without credentials, cookies and hop-by-hop fields */
    public record Response(int status, Map<String, String> headers, String body) {}

    public RecordedExchange {
        features = List.copyOf(features);
    }

    @Override
    public String toString() {
        return id + " (" + request.method() + " " + request.path() + " → " + response.status() + ")";
    }
}
