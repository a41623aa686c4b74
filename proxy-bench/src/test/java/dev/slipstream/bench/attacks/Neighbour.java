package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A client whose answer, a stream of events, is under way while others misbehave on connections of their own: it has to
 * go on.
 */
final class Neighbour implements AutoCloseable {
    static final String SCRIPT = "neighbour";
    private static final long PATIENCE_SECONDS = 60;

    private final Semaphore beats = new Semaphore(0);
    private H2Client client;
    private int count;

    @SuppressWarnings("NullAway.Init") // start() comes first
    Neighbour() {}

    /** What the provider does for it: an event for each beat. */
    Recorder.Script script() {
        return (request, socket, out) -> {
            out.write(Raw.bytes(Scripts.SSE_HEAD));
            try {
                for (int i = 1; beats.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS); i++) {
                    out.write(Raw.bytes(Raw.chunk("data: beat " + i + "\n\n")));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        };
    }

    void start(H2Client connected) throws IOException {
        client = connected;
        client.greet();
        client.send(H2Raw.scripted(1, SCRIPT));
        beat();
    }

    /** One event more comes through. */
    void beat() throws IOException {
        String expected = "data: beat " + ++count + "\n\n";
        beats.release();
        assertTrue(
                client.readUntil(() -> client.answer(1).body().endsWith(expected)),
                () -> "the neighbour's stream ended: " + client.told());
        assertEquals("", client.malformed(), "to the neighbour");
    }

    @Override
    public void close() throws IOException {
        client.close();
        beats.release();
    }
}
