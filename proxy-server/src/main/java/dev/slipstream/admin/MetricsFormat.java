package dev.slipstream.admin;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** In which format metrics are written, as the caller's {@code Accept} wants it. */
enum MetricsFormat {
    PROMETHEUS_TEXT,
    OPEN_METRICS,
    JSON;

    /**
     * Returns the format of the highest weight, the first of equals; Prometheus text where the header is absent or names
     * nothing we have (RFC 9110 §12.4.1 lets a server disregard it).
     */
    static MetricsFormat of(@Nullable String accept) {
        MetricsFormat best = PROMETHEUS_TEXT;
        if (accept == null) {
            return best;
        }
        double bestWeight = 0;
        for (String range : accept.split(",")) {
            String[] parts = range.split(";", -1);
            MetricsFormat format = ofMediaType(parts[0].strip().toLowerCase(Locale.ROOT));
            double weight = weight(parts);
            if (format != null && weight > bestWeight) {
                best = format;
                bestWeight = weight;
            }
        }
        return best;
    }

    private static @Nullable MetricsFormat ofMediaType(String mediaType) {
        return switch (mediaType) {
            case "*/*", "text/plain", "text/*" -> PROMETHEUS_TEXT;
            case "application/openmetrics-text" -> OPEN_METRICS;
            case "application/json" -> JSON;
            default -> null;
        };
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.regionMatches(true, 0, "q=", 0, 2)) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
