package dev.slipstream.codec.translate;

import dev.slipstream.codec.translate.ProviderTraits.Reasoning;
import dev.slipstream.codec.translate.ProviderTraits.Vendor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a model tells of what it takes: the one table of that kind. A model that is not in it takes what its
 * provider's traits say; traits whose {@link ProviderTraits#modelRules()} is off ask nothing here.
 *
 * <p>From the vendors' API references as of 2026, limits of output from their lists of models.
 */
final class ModelRules {
    private static final ModelRules NONE = new ModelRules();

    private boolean sampling = true;
    private boolean stop = true;
    private boolean prefill = true;
    private boolean parallelSwitch = true;
    private boolean developerRole;
    private boolean jsonSchema = true;
    private boolean strictTools = true;
    private boolean thinkingOff = true;
    private @Nullable Reasoning reasoning;
    private Efforts efforts = Efforts.ALL;
    private long maxOutputTokens;

    /** The words for how much to think that a model takes. */
    enum Efforts {
        NONE,
        /** low, medium, high. */
        UP_TO_HIGH,
        /** low, medium, high, xhigh; Claude models also max. */
        ALL,
        /** GLM-5.2: high, max. */
        HIGH_OR_MAX,
        /** GLM-5.3: low, high, max. */
        LOW_HIGH_OR_MAX
    }

    private ModelRules() {}

    /** Of the model of that name, which is asked for from a provider of {@code traits}. */
    static ModelRules of(String model, ProviderTraits traits) {
        if (!traits.modelRules()) {
            return NONE;
        }
        String path = model.toLowerCase(Locale.ROOT);
        String name = path.substring(path.lastIndexOf('/') + 1);
        ModelRules rules = new ModelRules();
        int claude = name.indexOf("claude");
        if (claude >= 0) {
            rules.claude(name.substring(claude));
        } else if (name.startsWith("glm-")) {
            rules.glm(name, traits.vendor());
        } else {
            rules.openAi(name, traits.vendor());
        }
        return rules;
    }

    private void claude(String name) {
        int version = version(name);
        if (version == 0) {
            return;
        }
        boolean newest = version > 406;
        sampling = !newest;
        prefill = version < 406;
        jsonSchema = version >= 405 || name.startsWith("claude-opus-4-1");
        strictTools = jsonSchema;
        if (version < 307) {
            reasoning = Reasoning.NONE;
        } else {
            reasoning = version >= 406 ? Reasoning.EFFORT : Reasoning.BUDGET;
        }
        if (!newest) {
            efforts = Efforts.UP_TO_HIGH;
        }
        if (version < 305) {
            maxOutputTokens = 4096;
        } else if (version < 307) {
            maxOutputTokens = 8192;
        } else if (version < 405) {
            maxOutputTokens = name.contains("opus") ? 32_000 : 64_000;
        } else {
            maxOutputTokens = version == 405 ? 64_000 : 128_000;
        }
    }

    /** 405 of {@code claude-opus-4-5-20251101}, 400 of {@code claude-sonnet-4-20250514}; 0: there is none. */
    private static int version(String name) {
        int i = 0;
        while (i < name.length() && !isDigit(name, i)) {
            i++;
        }
        int major = number(name, i);
        if (major < 1) {
            return 0;
        }
        while (isDigit(name, i)) {
            i++;
        }
        boolean hasMinor = i < name.length() && (name.charAt(i) == '-' || name.charAt(i) == '.');
        return 100 * major + (hasMinor ? Math.max(0, number(name, i + 1)) : 0);
    }

    /** The number of one or two digits at {@code i}; -1: there is none, for more are a date. */
    private static int number(String name, int i) {
        int end = i;
        while (isDigit(name, end)) {
            end++;
        }
        return end == i || end > i + 2 ? -1 : Integer.parseInt(name.substring(i, end));
    }

    private static boolean isDigit(String name, int i) {
        return i < name.length() && name.charAt(i) >= '0' && name.charAt(i) <= '9';
    }

    private void glm(String name, Vendor vendor) {
        if (name.startsWith("glm-4.5v")) {
            maxOutputTokens = 16_384;
        } else if (name.startsWith("glm-4.6v")) {
            maxOutputTokens = 32_768;
        } else if (name.startsWith("glm-4.5")) {
            maxOutputTokens = 98_304;
        } else if (name.startsWith("glm-4.6") || name.startsWith("glm-4.7") || name.startsWith("glm-5")) {
            maxOutputTokens = 131_072;
        }
        if (vendor == Vendor.ZAI) {
            efforts = Efforts.NONE;
        }
        if (name.startsWith("glm-5.2")) {
            efforts = Efforts.HIGH_OR_MAX;
        } else if (name.startsWith("glm-5.3")) {
            efforts = Efforts.LOW_HIGH_OR_MAX;
            thinkingOff = false;
        }
    }

    private void openAi(String name, Vendor vendor) {
        boolean isO = name.startsWith("o1") || name.startsWith("o3") || name.startsWith("o4");
        boolean isGpt5 = name.startsWith("gpt-5") && !name.contains("chat");
        if (isO || isGpt5) {
            sampling = false;
            developerRole = vendor == Vendor.OPENAI;
            stop = !name.startsWith("o3") && !name.startsWith("o4");
            parallelSwitch = !isO;
            boolean isBefore52 = isO || name.length() < 7 || name.charAt(5) != '.' || name.charAt(6) < '2';
            efforts = isBefore52 && !name.contains("codex-max") ? Efforts.UP_TO_HIGH : Efforts.ALL;
            maxOutputTokens = isO ? 100_000 : 128_000;
        } else if (name.startsWith("gpt-oss")) {
            efforts = Efforts.UP_TO_HIGH;
        } else if (name.startsWith("gpt-") || name.startsWith("chatgpt-")) {
            efforts = Efforts.NONE;
            maxOutputTokens = olderMaxOutputTokens(name);
        } else if (vendor == Vendor.OPENAI) {
            // A name of the customer's own, at Azure say: what is refused by any is not risked.
            efforts = Efforts.NONE;
        }
    }

    private static long olderMaxOutputTokens(String name) {
        if (name.startsWith("gpt-4.1")) {
            return 32_768;
        }
        if (name.startsWith("gpt-4o") || name.startsWith("chatgpt-4o") || name.startsWith("gpt-5-chat")) {
            return 16_384;
        }
        return name.startsWith("gpt-4-turbo") || name.startsWith("gpt-3.5") ? 4096 : 0;
    }

    // ------------------------------------------------------------------ what traits and name tell together

    /** Whether temperature, top_p and top_k are taken. */
    boolean sampling(ProviderTraits traits) {
        return sampling && traits.sampling();
    }

    /** How many stop sequences are taken. */
    int maxStop(ProviderTraits traits) {
        return stop ? traits.maxStop() : 0;
    }

    /** Whether the last message may be the assistant's, to be gone on with. */
    boolean prefill() {
        return prefill;
    }

    /** Whether tool calls beside each other can be switched off. */
    boolean parallelSwitch() {
        return parallelSwitch;
    }

    /** Whether the system prompt is better called the developer's. */
    boolean developerRole(ProviderTraits traits) {
        return developerRole && traits.developerRole();
    }

    boolean jsonSchema(ProviderTraits traits) {
        return jsonSchema && traits.jsonSchema();
    }

    boolean strictTools(ProviderTraits traits) {
        return strictTools && traits.strictTools();
    }

    /** Whether thinking may be switched off. */
    boolean thinkingOff() {
        return thinkingOff;
    }

    Efforts efforts() {
        return efforts;
    }

    /** How an Anthropic model is asked to think: a provider that takes nothing of the kind decides before its model. */
    Reasoning reasoning(ProviderTraits traits) {
        return reasoning == null || traits.reasoning() == Reasoning.NONE ? traits.reasoning() : reasoning;
    }

    /** {@code tokens}, or the most that the model gives. */
    long clamped(long tokens, ProviderTraits traits) {
        long max = traits.maxOutputTokens() > 0 ? traits.maxOutputTokens() : maxOutputTokens;
        return max > 0 ? Math.min(tokens, max) : tokens;
    }
}
