package dev.slipstream.bench.clients;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;

/**
 * Whom the official clients talk to. To be registered as a static field: it runs while the class's tests do. Behind it
 * is a {@code SimulatedProvider}, whose directives the tests use.
 */
interface ServerUnderTest extends BeforeAllCallback, AfterAllCallback {
    /** For OpenAI's client: with {@code /v1}. */
    String openAiBaseUrl();

    /** For Anthropic's client: without. */
    String anthropicBaseUrl();

    /** A key that is accepted. */
    String key();

    /** A model that is answered by the dialect's own provider, and that {@code /v1/models} lists. */
    default String model() {
        return "demo";
    }

    /** What OpenAI's client is told where every provider answers {@code status}. */
    default int openAiStatus(int status) {
        return status;
    }
}
