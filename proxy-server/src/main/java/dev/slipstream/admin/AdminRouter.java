package dev.slipstream.admin;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.metrics.MetricsSnapshot;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which path answers what. Knows nothing of connections; on the admin loop. */
final class AdminRouter {
    private static final List<String> PATHS = List.of(
            "/metrics",
            "/metrics/prometheus",
            "/api/metrics/system",
            "/api/metrics/json",
            "/api/metrics/prometheus",
            "/api/metrics/health",
            "/health",
            "/health/live",
            "/health/ready",
            "/health/detailed",
            "/health/providers",
            "/config");

    /** With all that lies under them. */
    private static final List<String> LATER =
            List.of("/dashboard", "/profiling", "/api/cache", "/api/keys", "/debug", "/config/reload");

    private final AdminEndpoints endpoints;

    AdminRouter(AdminEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** Whether {@code path} needs no token: what a probe asks, and tells one word. */
    static boolean isOpen(String path) {
        return path.equals("/health") || path.equals("/health/live") || path.equals("/health/ready");
    }

    /** Returns the path of a request target: no query, no slash at its end. */
    static String path(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Returns the answer to GET and HEAD with its body, or a failure. */
    AdminResponse answer(HttpMethod method, String path, @Nullable String accept) {
        for (String later : LATER) {
            if (path.equals(later) || path.startsWith(later + "/")) {
                return AdminResponse.failure(FailureKind.NOT_IMPLEMENTED, later + " is not in this version");
            }
        }
        if (!path.equals("/") && !PATHS.contains(path)) {
            return AdminResponse.failure(
                    FailureKind.UNKNOWN_PATH, "Nothing is at this path; GET / lists what there is");
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return AdminResponse.methodNotAllowed("GET, HEAD");
        }
        return switch (path) {
            case "/metrics" -> metrics(MetricsFormat.of(accept));
            case "/metrics/prometheus", "/api/metrics/prometheus" -> {
                MetricsFormat format = MetricsFormat.of(accept);
                yield metrics(format == MetricsFormat.JSON ? MetricsFormat.PROMETHEUS_TEXT : format);
            }
            case "/api/metrics/json" -> metrics(MetricsFormat.JSON);
            case "/api/metrics/system" -> AdminResponse.json(SystemJson.system());
            case "/health", "/health/live" -> AdminResponse.json(new JsonMap().with("status", "ok"));
            case "/health/ready" -> ready();
            case "/health/detailed", "/api/metrics/health" ->
                AdminResponse.json(status(), HealthJson.detailed(endpoints));
            case "/health/providers" ->
                AdminResponse.json(HealthJson.providers(endpoints.providers().get()));
            case "/config" -> AdminResponse.json(endpoints.config().get());
            default ->
                AdminResponse.json(new JsonMap()
                        .with("service", "slipstream admin")
                        .with("version", endpoints.version())
                        .with("endpoints", PATHS));
        };
    }

    private AdminResponse metrics(MetricsFormat format) {
        MetricsSnapshot snapshot = endpoints.metrics().snapshot();
        return switch (format) {
            case JSON -> AdminResponse.json(MetricsJson.of(snapshot));
            case OPEN_METRICS -> PrometheusText.response(snapshot, true);
            case PROMETHEUS_TEXT -> PrometheusText.response(snapshot, false);
        };
    }

    private AdminResponse ready() {
        return AdminResponse.json(
                status(), new JsonMap().with("status", endpoints.draining().getAsBoolean() ? "draining" : "ok"));
    }

    private HttpResponseStatus status() {
        return endpoints.draining().getAsBoolean() ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.OK;
    }
}
