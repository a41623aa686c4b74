package dev.slipstream.bench.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** What the parts of the contract have in common: a proxy before simulated providers, both as the setup has them. */
@Timeout(90)
abstract class Contract {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    @Parameter
    Setup setup = Setup.all().get(0);

    private final List<SimulatedProvider> providers = new ArrayList<>();

    /** Names the file that {@code scripts/conformance} reads: a class and a setup in each line. */
    private static final String LOG_PROPERTY = "contract.log";

    @BeforeParameterizedClassInvocation
    static void say(Setup setup, TestInfo here) throws IOException {
        String log = System.getProperty(LOG_PROPERTY);
        if (log != null) {
            String line = here.getTestClass().orElseThrow().getSimpleName() + ": " + setup + "\n";
            Files.writeString(Path.of(log), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    @AfterEach
    void closeProviders() {
        providers.forEach(SimulatedProvider::close);
    }

    final SimulatedProvider provider() throws IOException {
        return provider(SimulatedProviderOptions.defaults().withKeepRequests(50));
    }

    final SimulatedProvider provider(SimulatedProviderOptions options) throws IOException {
        SimulatedProvider provider =
                SimulatedProvider.start(options.withWire(setup.provider().wire()));
        providers.add(provider);
        return provider;
    }

    /** With one provider. */
    final Slipstream proxy(SimulatedProvider provider, String sections) {
        return PROXIES.start(setup.config(provider.openAiBaseUrl(), sections));
    }

    /** With two targets, of which the first is asked for the model {@code first}. */
    final Slipstream proxy(String firstUrl, String first, SimulatedProvider second, String sections) {
        return PROXIES.start(setup.config(
                setup.provider("one", firstUrl) + setup.provider("two", second.openAiBaseUrl()),
                "{ provider: one, model: \"" + first + "\" }, { provider: two }",
                sections));
    }

    /** As many as give each loop one: the listener gives a connection to the loop with the fewest. */
    final List<ApiClient> clients(Slipstream proxy) throws IOException {
        List<ApiClient> clients = new ArrayList<>();
        for (int i = 0; i < setup.loops(); i++) {
            clients.add(setup.client().connect(proxy.apiAddress()));
        }
        return clients;
    }

    static void close(List<ApiClient> clients) throws IOException {
        for (ApiClient client : clients) {
            client.close();
        }
    }

    /** What is asked for on each loop. */
    interface Deed {
        void on(ApiClient client) throws IOException;
    }

    /** Does it on every loop, one after another. */
    final void onEachLoop(Slipstream proxy, Deed deed) throws IOException {
        List<ApiClient> clients = clients(proxy);
        try {
            for (ApiClient client : clients) {
                deed.on(client);
            }
        } finally {
            close(clients);
        }
    }

    static void assertServed(Chat.Whole answer) {
        assertEquals(200, answer.status(), answer::toString);
    }

    static void assertFailed(int status, String word, Chat.Whole answer) {
        assertEquals(status + " " + word, answer.status() + " " + answer.error(), answer::toString);
    }

    static void awaitIdle(SimulatedProvider provider) {
        Until.holds(
                () -> "the provider is idle: " + provider.counters(),
                () -> provider.counters().active() == 0);
    }
}
