package dev.slipstream.models;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a provider's list of models: OpenAI's or Anthropic's {@code data}, or the bare array that some servers send. An
 * entry without a usable id is passed over.
 */
public final class ProviderModels {
    /** The most models of one provider; what stands behind them is passed over. */
    public static final int MAX_MODELS = 10_000;

    private static final int MAX_NAME_CHARS = 256;
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}(Z|[+-][0-9:]{4,5})");

    private static final byte[] DATA = ascii("data");
    private static final byte[] ID = ascii("id");
    private static final byte[] DISPLAY_NAME = ascii("display_name");
    private static final byte[] CREATED = ascii("created");
    private static final byte[] CREATED_AT = ascii("created_at");
    private static final byte[] MAX_INPUT_TOKENS = ascii("max_input_tokens");
    private static final byte[] MAX_TOKENS = ascii("max_tokens");

    private ProviderModels() {}

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** What {@code answer}, which has been parsed, lists; null where it is no list. */
    public static @Nullable List<ListedModel> read(JsonTree answer, String provider) {
        int list = answer.isArray(JsonTree.ROOT) ? JsonTree.ROOT : answer.member(JsonTree.ROOT, DATA);
        if (!answer.isArray(list)) {
            return null;
        }
        List<ListedModel> models = new ArrayList<>();
        for (int each = answer.first(list);
                each != JsonTree.NONE && models.size() < MAX_MODELS;
                each = answer.next(list, each)) {
            String id = name(answer, answer.member(each, ID));
            if (!id.isEmpty()) {
                models.add(model(answer, each, id, provider));
            }
        }
        return models;
    }

    private static ListedModel model(JsonTree answer, int entry, String id, String provider) {
        String display = name(answer, answer.member(entry, DISPLAY_NAME));
        int createdAt = answer.member(entry, CREATED_AT);
        String date = answer.isString(createdAt) ? answer.string(createdAt) : "";
        return new ListedModel(
                id,
                display.isEmpty() ? id : display,
                provider,
                Math.max(0, answer.integer(answer.member(entry, CREATED), 0)),
                DATE.matcher(date).matches() ? date : ListedModel.EPOCH,
                Math.max(0, answer.integer(answer.member(entry, MAX_INPUT_TOKENS), 0)),
                Math.max(0, answer.integer(answer.member(entry, MAX_TOKENS), 0)));
    }

    /** The text of {@code value}; empty where it is none that a name can have. */
    private static String name(JsonTree answer, int value) {
        // An escape is at most six bytes for one character, and that at most three of UTF-8.
        if (!answer.isString(value) || answer.end(value) - answer.start(value) > 6 * MAX_NAME_CHARS) {
            return "";
        }
        String name = answer.string(value);
        boolean isName = name.length() <= MAX_NAME_CHARS
                && name.equals(name.strip())
                && name.chars().noneMatch(Character::isISOControl);
        return isName ? name : "";
    }
}
