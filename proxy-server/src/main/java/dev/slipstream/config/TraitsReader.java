package dev.slipstream.config;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.translate.ProviderTraits;
import dev.slipstream.codec.translate.ProviderTraits.MaxTokensField;
import dev.slipstream.codec.translate.ProviderTraits.Reasoning;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what a provider understands: where the file says auto, what is known of its host. */
final class TraitsReader {
    private static final String AUTO = "auto";

    private final FieldReader fields;

    TraitsReader(Entry.@Nullable Section translation, Problems problems) {
        fields = new FieldReader(translation, "providers.*.translation.", problems);
    }

    ProviderTraits read(Dialect dialect, String host) {
        ProviderTraits known = ProviderTraits.of(dialect, host);
        String maxTokensField = fields.choice("max_tokens_field");
        String reasoning = fields.choice("reasoning");
        Entry.Leaf maxStop = fields.leaf("max_stop");
        ProviderTraits.Builder traits = known.but()
                .developerRole(truth("developer_role", known.developerRole()))
                .reasoningHistory(truth("reasoning_history", known.reasoningHistory()))
                .topK(truth("top_k", known.topK()))
                .jsonSchema(truth("json_schema", known.jsonSchema()))
                .namedToolChoice(truth("named_tool_choice", known.namedToolChoice()))
                .streamUsage(truth("stream_usage", known.streamUsage()))
                .files(truth("files", known.files()));
        if (!maxTokensField.equals(AUTO)) {
            traits.maxTokensField(MaxTokensField.valueOf(maxTokensField.toUpperCase(Locale.ROOT)));
        }
        if (!reasoning.equals(AUTO)) {
            traits.reasoning(Reasoning.valueOf(reasoning.toUpperCase(Locale.ROOT)));
        }
        if (maxStop != null && !maxStop.text().equals(AUTO)) {
            // 0 says none here, so auto is told apart by its text.
            traits.maxStop(fields.count("max_stop"));
        }
        return traits.build();
    }

    private boolean truth(String key, boolean known) {
        String text = fields.choice(key);
        return text.equals(AUTO) ? known : text.equals("true");
    }
}
