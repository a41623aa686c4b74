package dev.slipstream.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A configuration for those who have a provider's key and no file. */
final class ProviderKeys {
    /** The variables that are looked at. */
    static final List<String> VARIABLES = List.of("ZAI_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY");

    private ProviderKeys() {}

    static boolean isAnySet(Map<String, String> environment) {
        for (String variable : VARIABLES) {
            if (isSet(variable, environment)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The file that a user of these variables would write. It goes the way of every other file, so that nothing is
     * checked less. Where several keys are set, each vendor's own names go to it; the rest goes to the vendors first
     * that speak the dialect as their own.
     */
    static String yaml(Map<String, String> environment) {
        StringBuilder providers = new StringBuilder("providers:\n");
        StringBuilder models = new StringBuilder("models:\n");
        List<String> all = new ArrayList<>();
        boolean isOnlyOne = countOf(environment) == 1;
        if (isSet("OPENAI_API_KEY", environment)) {
            provider(providers, "openai", "https://api.openai.com/v1", "openai", "OPENAI_API_KEY");
            all.add("openai");
            if (!isOnlyOne) {
                for (String prefix : List.of("gpt-*", "chatgpt-*", "o1*", "o3*", "o4*", "text-embedding-*")) {
                    model(models, prefix, List.of("openai"));
                }
            }
        }
        if (isSet("ANTHROPIC_API_KEY", environment)) {
            provider(providers, "anthropic", "https://api.anthropic.com", "anthropic", "ANTHROPIC_API_KEY");
            all.add("anthropic");
            if (!isOnlyOne) {
                model(models, "claude-*", List.of("anthropic"));
            }
        }
        if (isSet("ZAI_API_KEY", environment)) {
            provider(providers, "zai", "https://api.z.ai/api/paas/v4", "openai", "ZAI_API_KEY");
            provider(providers, "zai-anthropic", "https://api.z.ai/api/anthropic", "anthropic", "ZAI_API_KEY");
            all.add("zai");
            all.add("zai-anthropic");
            if (!isOnlyOne) {
                model(models, "glm-*", List.of("zai", "zai-anthropic"));
            }
        }
        model(models, "*", all);
        return providers.append(models).toString();
    }

    private static void provider(StringBuilder to, String name, String url, String dialect, String variable) {
        to.append("  ")
                .append(name)
                .append(": { base_url: \"")
                .append(url)
                .append("\", dialect: ")
                .append(dialect);
        to.append(", api_key: \"${").append(variable).append("}\" }\n");
    }

    private static void model(StringBuilder to, String name, List<String> providers) {
        to.append("  - name: \"").append(name).append("\"\n    targets:\n");
        for (String provider : providers) {
            to.append("      - { provider: ").append(provider).append(" }\n");
        }
    }

    private static int countOf(Map<String, String> environment) {
        int count = 0;
        for (String variable : VARIABLES) {
            count += isSet(variable, environment) ? 1 : 0;
        }
        return count;
    }

    private static boolean isSet(String variable, Map<String, String> environment) {
        return !environment.getOrDefault(variable, "").isBlank();
    }
}
