package dev.slipstream.bench.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;

/** A provider of the OpenAI dialect that streams one answer, an event whenever it is told to. */
final class SteppedStream implements AutoCloseable {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Semaphore steps = new Semaphore(0);
    private final Thread thread = new Thread(this::serve, "stepped-stream");

    SteppedStream() throws IOException {
        thread.setDaemon(true);
        thread.start();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    /** The data of the next event's line. */
    static String event(int number) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + number + "\"}}]}";
    }

    /** Lets one more event go. */
    void step() {
        steps.release();
    }

    private void serve() {
        try (Socket socket = listener.accept()) {
            socket.setTcpNoDelay(true);
            RawMessage.read(new BufferedInputStream(socket.getInputStream()), false);
            OutputStream out = socket.getOutputStream();
            out.write(HEAD.getBytes(US_ASCII));
            for (int number = 0; ; number++) {
                steps.acquire();
                String event = event(number) + "\n\n";
                out.write((Integer.toHexString(event.length()) + "\r\n" + event + "\r\n").getBytes(US_ASCII));
            }
        } catch (InterruptedException | IOException over) {
            // The test is over, or the proxy has let its connection go: the test sees that no more events come.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            listener.close();
            thread.join(10_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
