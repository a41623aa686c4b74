package dev.slipstream.models;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonText;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Models as both dialects show them (OpenAI and Anthropic API references, {@code GET /v1/models}). */
public final class ModelListing {
    private ModelListing() {}

    /** Appends the whole list to {@code out}, which it borrows: OpenAI's has no pages. */
    static void openAiList(ByteBuf out, List<ListedModel> models) {
        text(out, "{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < models.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            openAi(out, models.get(i));
        }
        text(out, "]}");
    }

    /** Appends models {@code [from, to)} as Anthropic has them to {@code out}, which it borrows. */
    public static void anthropicPage(ByteBuf out, ModelCatalog models, int from, int to, boolean hasMore) {
        text(out, "{\"data\":[");
        for (int i = from; i < to; i++) {
            if (i > from) {
                out.writeByte(',');
            }
            anthropic(out, models.get(i));
        }
        text(out, hasMore ? "],\"has_more\":true,\"first_id\":" : "],\"has_more\":false,\"first_id\":");
        if (from == to) {
            text(out, "null,\"last_id\":null}");
            return;
        }
        JsonText.string(out, models.get(from).id());
        text(out, ",\"last_id\":");
        JsonText.string(out, models.get(to - 1).id());
        out.writeByte('}');
    }

    /** Appends one model to {@code out}, which it borrows. */
    public static void one(ByteBuf out, ListedModel model, Dialect dialect) {
        switch (dialect) {
            case OPENAI -> openAi(out, model);
            case ANTHROPIC -> anthropic(out, model);
        }
    }

    private static void openAi(ByteBuf out, ListedModel model) {
        text(out, "{\"id\":");
        JsonText.string(out, model.id());
        text(out, ",\"object\":\"model\",\"created\":");
        text(out, Long.toString(model.createdSeconds()));
        text(out, ",\"owned_by\":");
        JsonText.string(out, model.ownedBy());
        out.writeByte('}');
    }

    private static void anthropic(ByteBuf out, ListedModel model) {
        text(out, "{\"type\":\"model\",\"id\":");
        JsonText.string(out, model.id());
        text(out, ",\"display_name\":");
        JsonText.string(out, model.displayName());
        text(out, ",\"created_at\":");
        JsonText.string(out, model.createdAt());
        // Its newest clients require it where they validate.
        text(out, ",\"lifecycle\":\"active\"");
        if (model.maxInputTokens() > 0) {
            text(out, ",\"max_input_tokens\":");
            text(out, Long.toString(model.maxInputTokens()));
        }
        if (model.maxTokens() > 0) {
            text(out, ",\"max_tokens\":");
            text(out, Long.toString(model.maxTokens()));
        }
        out.writeByte('}');
    }

    private static void text(ByteBuf out, String ascii) {
        out.writeCharSequence(ascii, US_ASCII);
    }
}
