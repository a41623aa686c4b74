package dev.slipstream.bench.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One combination of what the contract runs over.
 *
 * @param client what the clients speak
 * @param provider what the providers speak
 * @param loops of the proxy
 * @param transport of the proxy, as in {@code runtime.transport}
 */
record Setup(ClientKind client, ProviderKind provider, int loops, String transport) {
    /** {@code half}, {@code pairwise}, {@code all}, or a part of a setup's name. */
    static final String PROPERTY = "contract.setups";

    private static final List<String> TRANSPORTS = List.of("epoll", "nio");
    private static final int MANY_LOOPS = 2;

    /** Every one. */
    static List<Setup> all() {
        List<Setup> all = new ArrayList<>();
        for (ClientKind client : ClientKind.values()) {
            for (ProviderKind provider : ProviderKind.values()) {
                for (int loops = 1; loops <= MANY_LOOPS; loops++) {
                    for (String transport : TRANSPORTS) {
                        all.add(new Setup(client, provider, loops, transport));
                    }
                }
            }
        }
        return all;
    }

    /** Every kind of client with every kind of provider, once; and so that every pair of two choices is in one of them. */
    static List<Setup> pairwise() {
        List<Setup> chosen = new ArrayList<>(half(0));
        chosen.addAll(half(1));
        return chosen;
    }

    static Stream<Setup> forAnswers() {
        return chosen(0);
    }

    static Stream<Setup> forFlow() {
        return chosen(1);
    }

    /** Those that {@value #PROPERTY} asks for; never none. Unasked, one half of the pairwise ones. */
    private static Stream<Setup> chosen(int which) {
        String wanted = System.getProperty(PROPERTY, "half");
        List<Setup> chosen = switch (wanted) {
            case "half" -> half(which);
            case "all" -> all();
            case "pairwise" -> pairwise();
            default ->
                all().stream().filter(each -> each.toString().contains(wanted)).toList();
        };
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no setup has " + wanted + " in its name: " + all());
        }
        return chosen.stream();
    }

    /**
     * One half of {@link #pairwise()}: every choice is in it, and each kind of client meets half of the kinds of provider.
     *
     * @param which 0 or 1
     */
    static List<Setup> half(int which) {
        ClientKind[] clients = ClientKind.values();
        ProviderKind[] providers = ProviderKind.values();
        List<Setup> half = new ArrayList<>();
        for (int i = 0; i < clients.length; i++) {
            for (int j = 0; j < providers.length; j++) {
                if ((i + j) % 2 == which) {
                    int loops = (i / 2 + j / 2) % 2 == 0 ? 1 : MANY_LOOPS;
                    String transport = TRANSPORTS.get((i / 2 + j / 2 + j) % TRANSPORTS.size());
                    half.add(new Setup(clients[i], providers[j], loops, transport));
                }
            }
        }
        return half;
    }

    List<String> pairs() {
        String[] choices = toString().split(", ", -1);
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < choices.length; i++) {
            for (int j = i + 1; j < choices.length; j++) {
                pairs.add(choices[i] + ", " + choices[j]);
            }
        }
        return pairs;
    }

    @Override
    public String toString() {
        return "client " + client + ", provider " + provider + ", " + (loops == 1 ? "1 loop" : loops + " loops") + ", "
                + transport;
    }

    // ------------------------------------------------------------------ the proxy's configuration

    /** A line of {@code providers:}; OpenAI's dialect, a key of its own. */
    String provider(String name, String baseUrl) {
        return provider(name, baseUrl, "openai");
    }

    String provider(String name, String baseUrl, String dialect) {
        return "  " + name + ": { base_url: \"" + baseUrl + "\", dialect: " + dialect
                + ", api_key: \"of-the-provider\", " + provider.entries() + " }\n";
    }

    /** One provider for all models, and {@code sections} of YAML. */
    String config(String openAiBaseUrl, String sections) {
        return config(provider("one", openAiBaseUrl), "{ provider: one }", sections);
    }

    /**
     * @param providers lines of {@link #provider}
     * @param targets of every model
     */
    String config(String providers, String targets, String sections) {
        return client.listen() + "runtime: { loops: " + loops + ", transport: " + transport + " }\nproviders:\n"
                + providers
                + "models:\n  - name: \"*\"\n    targets: [ " + targets + " ]\n" + sections;
    }
}
