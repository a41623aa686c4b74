package dev.slipstream.bench.attacks;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's connection: says whatever it is told to, reads answers strictly. */
final class RawClient implements AutoCloseable {
    static final int TIMEOUT_MILLIS = 10_000;

    /** How the other side left the connection. */
    enum End {
        OPEN,
        CLOSED,
        RESET
    }

    private final Socket socket = new Socket();
    private final StrictReader reader;
    private final List<Message> answers = new ArrayList<>();
    private final String marker;
    private End end = End.OPEN;
    private @Nullable String malformed;

    RawClient(InetSocketAddress address, String marker) throws IOException {
        this(address, marker, 0);
    }

    /** @param receiveBuffer bytes of the socket's receive buffer; 0 = the system's choice */
    RawClient(InetSocketAddress address, String marker, int receiveBuffer) throws IOException {
        this.marker = marker;
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(address, TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        reader = new StrictReader(socket.getInputStream());
    }

    /** Sends {@code text} with this case's marker; that the other side has closed already is no failure of the case. */
    boolean send(String text) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(Raw.bytes(text.replace(Raw.MARK, marker)));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends {@code text} again and again until something is answered, the connection ends or {@code atMost} is reached. */
    void drip(String text, int everyMillis, int atMost) throws IOException {
        socket.setSoTimeout(everyMillis);
        try {
            for (int i = 0; i < atMost; i++) {
                if (!send(text) || isAnswerHere()) {
                    return;
                }
            }
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    private boolean isAnswerHere() throws IOException {
        try {
            reader.hasMore();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** Waits {@code millis} for the answer to begin; whether it did. */
    boolean waitsFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return isAnswerHere();
        } catch (IOException e) {
            return true;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    /** Reads one answer, {@code bytes} at a time and with pauses, for {@code nanos}; then as fast as it goes. */
    void readSlowly(int bytes, long nanos) {
        reader.slowDown(bytes, nanos);
        readOne();
    }

    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        end = End.CLOSED;
    }

    /** Reads one more answer, an interim one too; false where the connection ended instead or nothing came. */
    boolean readOne() {
        try {
            if (!reader.hasMore()) {
                end = End.CLOSED;
                return false;
            }
            Message head = reader.head();
            if (head == null) {
                end = End.CLOSED;
                malformed = "a head that ends in its middle";
                return false;
            }
            int status = head.status();
            boolean bodiless = status < 200 || status == 204 || status == 304;
            Message answer = bodiless ? head.with("", true) : reader.body(head, true);
            answers.add(answer);
            if (!answer.complete()) {
                end = reader.hasMore() ? End.OPEN : End.CLOSED;
            }
            return true;
        } catch (Malformed e) {
            malformed = e.getMessage();
            return false;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            end = End.RESET;
            return false;
        }
    }

    /** Reads until the connection ends. */
    void readToEnd() {
        while (end == End.OPEN && readOne()) {
            // One answer after another.
        }
    }

    /** The answers so far, without the interim ones. */
    List<Message> finals() {
        return answers.stream().filter(answer -> answer.status() >= 200).toList();
    }

    List<Message> answers() {
        return answers;
    }

    End end() {
        return end;
    }

    @Nullable
    String malformed() {
        return malformed;
    }

    /** Every byte that came. */
    String all() {
        return reader.all();
    }

    String marker() {
        return marker;
    }

    /** Ends the connection in the usual way. */
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }
}
