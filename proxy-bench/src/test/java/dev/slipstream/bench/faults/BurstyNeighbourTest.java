package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One stream as fast as it goes does not keep a loop from its other streams. */
@Tag("jdk25")
class BurstyNeighbourTest {
    private static final int NEIGHBOURS = 5;
    private static final long BURST_BYTES = 200L * 1024 * 1024;
    /** A loop that takes 1 MiB of the burst, or more, to each of its turns leaves the others fewer. */
    private static final int LEAST_TURNS = 200;

    private static final long LIMIT_SECONDS = 30;
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String LAST_CHUNK = "0\r\n\r\n";
    private static final String EVENT = "data: !\n\n";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Semaphore> turns = new ArrayList<>();
    private volatile boolean begun;
    private volatile boolean over;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    @Timeout(120)
    void aBurstOfOneStreamLeavesTheOthersTheirTurns(String transport) throws Exception {
        for (int i = 0; i < NEIGHBOURS; i++) {
            turns.add(new Semaphore(0));
        }
        try (ScriptedProvider provider = new ScriptedProvider(request -> {
            String body = new String(request.body().readNBytes((int) request.length()), ISO_8859_1);
            request.out().write(HEAD.getBytes(ISO_8859_1));
            int at = body.indexOf("neighbour ");
            if (at < 0) {
                burst(request.out());
            } else {
                quiet(request.out(), turns.get(body.charAt(at + 10) - '0'));
            }
            request.out().write(LAST_CHUNK.getBytes(ISO_8859_1));
            return true;
        })) {
            Slipstream proxy = House.start(provider.url(), "runtime: { loops: 1, transport: " + transport + " }\n");
            List<Future<Integer>> neighbours = new ArrayList<>();
            for (int i = 0; i < NEIGHBOURS; i++) {
                int number = i;
                neighbours.add(threads.submit(() -> neighbour(proxy, number)));
            }
            House.until("every neighbour's stream runs", () -> proxy.inFlight() == NEIGHBOURS);
            try (Client client = new Client(proxy.apiAddress())) {
                client.send("/v1/chat/completions", Client.chat("burst", true));
                client.readHead();
                byte[] block = new byte[256 * 1024];
                boolean ended = false;
                for (long left = BURST_BYTES; left > 0 || !ended; ) {
                    int read = client.read(block);
                    assertTrue(read > 0, "the burst ended " + left + " bytes early");
                    left -= read;
                    ended = endsBody(block, read);
                }
            }
            int[] taken = new int[NEIGHBOURS];
            for (int i = 0; i < NEIGHBOURS; i++) {
                taken[i] = neighbours.get(i).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            System.out.println(transport + ": turns during the burst " + Arrays.toString(taken));
            assertTrue(
                    Arrays.stream(taken).allMatch(each -> each >= LEAST_TURNS),
                    "turns during the burst: " + Arrays.toString(taken));
            House.awaitQuiet(proxy);
            House.closeAndAudit(proxy);
        } finally {
            over = true;
            threads.shutdownNow();
        }
    }

    /** The provider's side: as fast as it is taken. The burst is from its first byte to its last. */
    private void burst(OutputStream out) throws IOException {
        byte[] event = ("data: " + "x".repeat(64 * 1024) + "\n\n").getBytes(ISO_8859_1);
        byte[] size = (Integer.toHexString(event.length) + "\r\n").getBytes(ISO_8859_1);
        byte[] chunk = new byte[size.length + event.length + 2];
        System.arraycopy(size, 0, chunk, 0, size.length);
        System.arraycopy(event, 0, chunk, size.length, event.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        begun = true;
        for (long left = BURST_BYTES; left > 0; left -= event.length) {
            out.write(chunk);
        }
        over = true;
    }

    /** The provider's side: an event whenever the client has had the last one. */
    private void quiet(OutputStream out, Semaphore turn) throws IOException {
        byte[] chunk = (Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n").getBytes(ISO_8859_1);
        try {
            while (turn.tryAcquire(LIMIT_SECONDS, TimeUnit.SECONDS) && !over) {
                out.write(chunk);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The client's side: gives back how many events came while the burst went on. */
    private int neighbour(Slipstream proxy, int number) throws IOException {
        Semaphore turn = turns.get(number);
        try (Client client = new Client(proxy.apiAddress())) {
            client.send("/v1/chat/completions", Client.chat("neighbour " + number, true));
            client.readHead();
            byte[] block = new byte[1024];
            int taken = 0;
            turn.release();
            for (int read = client.read(block); read > 0; read = client.read(block)) {
                boolean last = endsBody(block, read);
                for (int i = 0; i < read; i++) {
                    if (block[i] == '!') {
                        taken += begun && !over ? 1 : 0;
                        turn.release();
                    }
                }
                if (last) {
                    return taken;
                }
            }
            throw new IOException("the stream of neighbour " + number + " broke off");
        } finally {
            turn.release();
        }
    }

    /** Nothing but the last chunk begins a line with 0. */
    private static boolean endsBody(byte[] block, int length) {
        int from = Math.max(0, length - LAST_CHUNK.length());
        return new String(block, from, length - from, ISO_8859_1).equals(LAST_CHUNK);
    }
}
