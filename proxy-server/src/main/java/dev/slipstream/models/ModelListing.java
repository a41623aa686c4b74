package dev.slipstream.stage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonText;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The list of models as both dialects show it (OpenAI {@code GET /v1/models}, Anthropic {@code GET /v1/models}). Release
 * dates are not known: the epoch stands for them. The whole list is one page.
 */
final class ModelListing {
    private ModelListing() {}

    /** Appends the list to {@code out}, which it borrows. */
    static void list(ByteBuf out, List<String> ids, Dialect dialect) {
        text(out, dialect == Dialect.OPENAI ? "{\"object\":\"list\",\"data\":[" : "{\"data\":[");
        for (int i = 0; i < ids.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            one(out, ids.get(i), dialect);
        }
        switch (dialect) {
            case OPENAI -> text(out, "]}");
            case ANTHROPIC -> {
                text(out, "],\"has_more\":false,\"first_id\":");
                idOrNull(out, ids.isEmpty() ? "" : ids.get(0));
                text(out, ",\"last_id\":");
                idOrNull(out, ids.isEmpty() ? "" : ids.get(ids.size() - 1));
                out.writeByte('}');
            }
        }
    }

    /** Appends one model to {@code out}, which it borrows. */
    static void one(ByteBuf out, String id, Dialect dialect) {
        switch (dialect) {
            case OPENAI -> {
                text(out, "{\"id\":");
                JsonText.string(out, id);
                text(out, ",\"object\":\"model\",\"created\":0,\"owned_by\":\"slipstream\"}");
            }
            case ANTHROPIC -> {
                text(out, "{\"type\":\"model\",\"id\":");
                JsonText.string(out, id);
                text(out, ",\"display_name\":");
                JsonText.string(out, id);
                text(out, ",\"created_at\":\"1970-01-01T00:00:00Z\"}");
            }
        }
    }

    private static void idOrNull(ByteBuf out, String id) {
        if (id.isEmpty()) {
            text(out, "null");
        } else {
            JsonText.string(out, id);
        }
    }

    private static void text(ByteBuf out, String ascii) {
        out.writeCharSequence(ascii, US_ASCII);
    }
}
