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
        ProviderTraits known = known(dialect, host);
        String maxTokensField = fields.choice("max_tokens_field");
        String reasoning = fields.choice("reasoning");
        Entry.Leaf maxStop = fields.leaf("max_stop");
        return new ProviderTraits(
                maxTokensField.equals(AUTO)
                        ? known.maxTokensField()
                        : MaxTokensField.valueOf(maxTokensField.toUpperCase(Locale.ROOT)),
                truth("developer_role", known.developerRole()),
                reasoning.equals(AUTO) ? known.reasoning() : Reasoning.valueOf(reasoning.toUpperCase(Locale.ROOT)),
                truth("reasoning_history", known.reasoningHistory()),
                truth("top_k", known.topK()),
                known.sampling(),
                known.samplingPair(),
                known.maxTemperature(),
                // 0 says none here, so auto is told apart by its text.
                maxStop == null || maxStop.text().equals(AUTO) ? known.maxStop() : fields.count("max_stop"),
                truth("json_schema", known.jsonSchema()),
                truth("named_tool_choice", known.namedToolChoice()),
                truth("stream_usage", known.streamUsage()),
                truth("files", known.files()),
                known.strictTools(),
                known.maxUserChars(),
                known.maxToolNameChars(),
                known.defaultMaxTokens(),
                known.maxOutputTokens());
    }

    @SuppressWarnings("UnusedVariable") // what is known of hosts is not told yet
    private static ProviderTraits known(Dialect dialect, String host) {
        return switch (dialect) {
            case OPENAI -> ProviderTraits.OPENAI_COMPATIBLE;
            case ANTHROPIC -> ProviderTraits.ANTHROPIC_COMPATIBLE;
        };
    }

    private boolean truth(String key, boolean known) {
        String text = fields.choice(key);
        return text.equals(AUTO) ? known : text.equals("true");
    }
}
