package dev.slipstream.bench.upstream;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a {@link SimulatedProvider} behaves unless a request's directives say otherwise. Immutable; start from
 * {@link #defaults()}.
 *
 * @param host the address to listen on
 * @param port 0 takes any free one
 * @param loops event loops, each a thread
 * @param requiredKey the key that a request must carry; empty: none
 * @param models what {@code /v1/models} lists; other names are answered as well
 * @param keepRequests how many of the last requests are kept for {@link SimulatedProvider#received()}
 * @param wire what is spoken
 * @param answers what answers look like, and how fast they come
 * @param faults what goes wrong by itself
 * @param seed of all chance: the n-th request always meets the same
 */
public record SimulatedProviderOptions(
        String host,
        int port,
        int loops,
        String requiredKey,
        List<String> models,
        int keepRequests,
        ProviderWire wire,
        AnswerShape answers,
        FaultPlan faults,
        long seed) {

    public SimulatedProviderOptions {
        models = List.copyOf(models);
        if (loops < 1) {
            throw new IllegalArgumentException("loops must be at least 1, not " + loops);
        }
        if (keepRequests < 0) {
            throw new IllegalArgumentException("keepRequests must be at least 0, not " + keepRequests);
        }
    }

    /** One loop on any free port of 127.0.0.1, HTTP/1.1 without TLS, no delays, 16 tokens, no failures, no key. */
    public static SimulatedProviderOptions defaults() {
        return new Draft().made();
    }

    public SimulatedProviderOptions withAddress(String host, int port) {
        return with(draft -> {
            draft.host = host;
            draft.port = port;
        });
    }

    public SimulatedProviderOptions withLoops(int loops) {
        return with(draft -> draft.loops = loops);
    }

    public SimulatedProviderOptions withRequiredKey(String requiredKey) {
        return with(draft -> draft.requiredKey = requiredKey);
    }

    public SimulatedProviderOptions withModels(List<String> models) {
        return with(draft -> draft.models = models);
    }

    public SimulatedProviderOptions withKeepRequests(int keepRequests) {
        return with(draft -> draft.keepRequests = keepRequests);
    }

    public SimulatedProviderOptions withWire(ProviderWire wire) {
        return with(draft -> draft.wire = wire);
    }

    public SimulatedProviderOptions withAnswers(AnswerShape answers) {
        return with(draft -> draft.answers = answers);
    }

    public SimulatedProviderOptions withFirstTokenDelay(Duration delay) {
        return withPace(Distribution.of(delay), answers.tokenGap());
    }

    public SimulatedProviderOptions withTokenGap(Duration gap) {
        return withPace(answers.firstTokenDelay(), Distribution.of(gap));
    }

    /** Both in nanoseconds. */
    public SimulatedProviderOptions withPace(Distribution firstTokenDelay, Distribution tokenGap) {
        return withAnswers(answers.withPace(firstTokenDelay, tokenGap));
    }

    public SimulatedProviderOptions withTokens(int tokens) {
        return withTokens(Distribution.of(tokens), answers.tokenBytes());
    }

    /** @param tokenBytes of each; 0: words as they come */
    public SimulatedProviderOptions withTokens(Distribution tokens, int tokenBytes) {
        return withAnswers(answers.withTokens(tokens, tokenBytes));
    }

    /** Lets a share of requests fail, spread evenly, not by chance. */
    public SimulatedProviderOptions withErrors(int status, double rate) {
        return with(draft -> draft.faults = new FaultPlan(status, rate, faults.shares()));
    }

    /** Lets shares of requests meet faults, by chance. */
    public SimulatedProviderOptions withFaults(List<Fault> shares) {
        return with(draft -> draft.faults = new FaultPlan(faults.evenStatus(), faults.evenRate(), shares));
    }

    public SimulatedProviderOptions withSeed(long seed) {
        return with(draft -> draft.seed = seed);
    }

    private SimulatedProviderOptions with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.host = host;
        draft.port = port;
        draft.loops = loops;
        draft.requiredKey = requiredKey;
        draft.models = models;
        draft.keepRequests = keepRequests;
        draft.wire = wire;
        draft.answers = answers;
        draft.faults = faults;
        draft.seed = seed;
        change.accept(draft);
        return draft.made();
    }

    /** The same, while it is being changed; its values are the defaults. */
    private static final class Draft {
        private String host = "127.0.0.1";
        private int port;
        private int loops = 1;
        private String requiredKey = "";
        private List<String> models = List.of("sim-large", "sim-small");
        private int keepRequests;
        private ProviderWire wire = ProviderWire.h1();
        private AnswerShape answers = AnswerShape.PLAIN;
        private FaultPlan faults = FaultPlan.NONE;
        private long seed = 1;

        private SimulatedProviderOptions made() {
            return new SimulatedProviderOptions(
                    host, port, loops, requiredKey, models, keepRequests, wire, answers, faults, seed);
        }
    }
}
