package dev.slipstream.stage;

import dev.slipstream.exchange.Exchange;
import dev.slipstream.models.ModelCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the list an Anthropic client asks for: {@code limit}, {@code after_id} and {@code before_id} of its query
 * (Anthropic API reference, List Models). Other parameters are passed over; of one that stands twice the last holds.
 */
final class ModelPage {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 1000;

    private int limit = DEFAULT_LIMIT;
    private String afterId = "";
    private String beforeId = "";
    private @Nullable String error;
    private int from;
    private int to;
    private boolean hasMore;

    private ModelPage() {}

    static ModelPage of(Exchange exchange, ModelCatalog models) {
        ModelPage page = new ModelPage();
        byte[] target = exchange.requestHead().array();
        int end = exchange.path().queryEnd();
        for (int from = exchange.path().queryStart(); from < end; ) {
            int to = indexOf(target, '&', from, end);
            int equals = indexOf(target, '=', from, to);
            page.parameter(
                    PercentDecoder.query(target, from, equals),
                    PercentDecoder.query(target, Math.min(to, equals + 1), to));
            from = to + 1;
        }
        page.choose(models);
        return page;
    }

    private static int indexOf(byte[] bytes, int wanted, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private void parameter(String name, String value) {
        switch (name) {
            case "limit" -> {
                limit = wholeNumber(value);
                if (limit < 1 || limit > MAX_LIMIT) {
                    error = "limit: must be a whole number from 1 to " + MAX_LIMIT + ".";
                }
            }
            case "after_id" -> afterId = value;
            case "before_id" -> beforeId = value;
            default -> {}
        }
    }

    /** At most four digits; -1 where it is anything else. */
    private static int wholeNumber(String text) {
        if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Integer.parseInt(text);
    }

    private void choose(ModelCatalog models) {
        if (error != null) {
            return;
        }
        if (!afterId.isEmpty() && !beforeId.isEmpty()) {
            error = "after_id and before_id cannot be given together.";
        } else if (!beforeId.isEmpty()) {
            to = models.position(beforeId);
            from = Math.max(0, to - limit);
            hasMore = from > 0;
            error = to < 0 ? "before_id: there is no such model." : null;
        } else {
            int after = afterId.isEmpty() ? -1 : models.position(afterId);
            from = after + 1;
            to = Math.min(models.size(), from + limit);
            hasMore = to < models.size();
            error = after < 0 && !afterId.isEmpty() ? "after_id: there is no such model." : null;
        }
    }

    /** What is wrong with the query; null where nothing is. */
    @Nullable
    String error() {
        return error;
    }

    /** The first model of the page. */
    int from() {
        return from;
    }

    /** Behind the last model of the page. */
    int to() {
        return to;
    }

    /** Whether there are more in the direction that was asked for. */
    boolean hasMore() {
        return hasMore;
    }
}
