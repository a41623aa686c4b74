package dev.slipstream.bench.macro;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sends what cannot be served: of each kind of the attack tables some. Wants the refusal that belongs to it, and the end
 * of the connection where nothing behind it can be trusted; garbage may also be met with silence.
 */
final class MalformedClient implements StormRole {
    private static final int GARBAGE_BYTES = 2_000;

    private final InetSocketAddress proxy;
    private final StormCounts counts;
    private final List<BadRequest> requests;

    MalformedClient(InetSocketAddress proxy, String key, StormCounts counts) {
        this.proxy = proxy;
        this.counts = counts;
        this.requests = BadRequest.all(key);
    }

    @Override
    public String name() {
        return "malformed";
    }

    @Override
    public void live(SplittableRandom random) throws IOException {
        int which = random.nextInt(requests.size() + 2);
        if (which >= requests.size()) {
            garbage(random);
        } else {
            refused(requests.get(which));
        }
        counts.malformed.increment();
    }

    private void refused(BadRequest request) throws IOException {
        try (StormClient client = new StormClient(proxy)) {
            client.send(request.bytes());
            if (request.endsThere()) {
                client.shutdownOutput();
            }
            int status = client.read(StormClient.Pace.FULL).status();
            if (!request.statuses().contains(status)) {
                throw new IllegalStateException("status " + status);
            }
            if (request.closes() && client.readSome(new byte[1]) >= 0) {
                throw new IllegalStateException("more behind the refusal");
            }
        } catch (IOException | IllegalStateException e) {
            if (!(request.endsThere() && e instanceof EOFException)) {
                throw new IOException(request.name(), e);
            }
        }
    }

    private void garbage(SplittableRandom random) throws IOException {
        StringBuilder garbage = new StringBuilder();
        for (int i = 1 + random.nextInt(GARBAGE_BYTES); i > 0; i--) {
            garbage.append((char) random.nextInt(256));
        }
        try (StormClient client = new StormClient(proxy)) {
            client.send(garbage.append("\r\n\r\n").toString());
            // It may not even be a head; what is left out is not waited for.
            client.shutdownOutput();
            int status = client.read(StormClient.Pace.FULL).status();
            if (status < 400) {
                throw new IllegalStateException("garbage was answered with " + status);
            }
        } catch (EOFException | SocketException silence) {
            // As good an answer as any.
        }
    }
}
