package dev.slipstream.bench.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawH2;
import dev.slipstream.bench.rawh2.RawMessageHead;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection: says whatever it is told to, and keeps what comes back, stream by stream. Settings and
 * pings are answered and credit is given back, unless it is told to keep silent. What no proxy may send is kept as {@link
 * #malformed}. One thread, but for {@link #flood}.
 */
final class H2Client implements AutoCloseable {
    private static final int FLOOD_BLOCK_BYTES = 64 * 1024;
    private static final long LAST_PING = 0x7a7a7a7aL;
    private static final int REMEMBERED = 60;

    private final RawH2 wire;
    private final String marker;
    private final Map<Integer, H2Answer> answers = new TreeMap<>();
    private final Set<Integer> starved = new HashSet<>();
    private final List<RawFrame> goAways = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final StringBuilder texts = new StringBuilder();
    private RawFrame settings = RawFrame.settings();
    private RawClient.End end = RawClient.End.OPEN;
    private String malformed = "";
    private boolean silent;
    private int settingsAcks;
    private int pongs;
    private boolean lastPong;
    private long credit;

    H2Client(InetSocketAddress address, String marker, int receiveBytes) throws IOException {
        this.wire = RawH2.connect(address, receiveBytes);
        this.marker = marker;
    }

    /** The preface and these settings; those of the proxy are awaited. */
    H2Client greet(int... idsAndValues) throws IOException {
        settings = wire.greetAsClient(idsAndValues);
        return this;
    }

    /** What the proxy asked for in its first settings. */
    int setting(int id, int otherwise) {
        return settings.setting(id, otherwise);
    }

    /** Gives no credit for this stream from here on; the connection's is given back as ever. */
    H2Client starve(int stream) {
        starved.add(stream);
        return this;
    }

    /** From here on nothing is answered by itself, and no credit is given. */
    H2Client keepSilent() {
        silent = true;
        return this;
    }

    // ------------------------------------------------------------------ sending

    /** In one write, with this client's marker; that the other side has closed already is no failure of the case. */
    boolean send(RawFrame... frames) {
        return send(RawFrame.encode(frames));
    }

    boolean send(byte[] bytes) {
        try {
            String text = new String(bytes, ISO_8859_1).replace(Raw.MARK, marker);
            wire.write(text.getBytes(ISO_8859_1));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends a good request with a marker of its own, which its answer has to have. */
    String post(int stream, String... more) {
        String own = Lane.nextMarker();
        send(H2Raw.frames(stream, H2Raw.head(more), Raw.BODY.replace(Raw.MARK, own)));
        return own;
    }

    /**
     * Sends {@code block} again and again from a thread of its own, while what comes is read, and a PING behind it all.
     *
     * @return whether the connection ended before the PING was answered
     */
    boolean flood(byte[] block, int times) throws IOException {
        return flood(times, new byte[][] {block});
    }

    /** Sends what the supplier gives for each number from 0 on. */
    interface Blocks {
        byte[] block(int number);
    }

    boolean flood(int times, Blocks blocks) throws IOException {
        byte[][] all = new byte[times][];
        for (int i = 0; i < times; i++) {
            all[i] = blocks.block(i);
        }
        return flood(1, all);
    }

    private boolean flood(int times, byte[][] blocks) throws IOException {
        Thread sender = new Thread(
                () -> {
                    ByteArrayOutputStream block = new ByteArrayOutputStream();
                    boolean open = true;
                    for (int i = 0; open && i < times; i++) {
                        for (int j = 0; open && j < blocks.length; j++) {
                            block.writeBytes(blocks[j]);
                            if (block.size() > FLOOD_BLOCK_BYTES) {
                                open = send(block.toByteArray());
                                block.reset();
                            }
                        }
                    }
                    block.writeBytes(RawFrame.ping(LAST_PING).encode());
                    send(block.toByteArray());
                },
                "flood");
        sender.setDaemon(true);
        boolean silentBefore = silent;
        silent = true;
        sender.start();
        readUntil(() -> lastPong);
        silent = silentBefore;
        return isEnded();
    }

    void halfClose() throws IOException {
        wire.socket().shutdownOutput();
    }

    void reset() throws IOException {
        wire.reset();
        end = RawClient.End.CLOSED;
    }

    /** Ends the connection in the usual way. */
    void leave() throws IOException {
        wire.close();
    }

    @Override
    public void close() throws IOException {
        leave();
    }

    // ------------------------------------------------------------------ reading

    /** Reads on until this holds; false where the connection ended before. */
    boolean readUntil(BooleanSupplier done) throws IOException {
        return readUntil(RawH2.LIMIT, done);
    }

    /** The same with a time of its own, behind which it is an {@link AssertionError}. */
    boolean readUntil(Duration within, BooleanSupplier done) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        while (!done.getAsBoolean()) {
            if (isEnded()) {
                return false;
            }
            try {
                take(wire.next(Duration.ofNanos(Math.max(1, deadline - System.nanoTime()))));
            } catch (EOFException e) {
                end = RawClient.End.CLOSED;
            } catch (IOException e) {
                end = RawClient.End.RESET;
            }
        }
        return true;
    }

    /** Until this stream is over, or the connection. */
    H2Answer await(int stream) throws IOException {
        readUntil(() -> answer(stream).isOver());
        return answer(stream);
    }

    void readToEnd() throws IOException {
        readUntil(() -> false);
    }

    /** Waits for a PING to come back: whatever was sent before has been read, as far as it is read at all. */
    boolean roundTrip() throws IOException {
        int before = pongs;
        send(RawFrame.ping(before));
        return readUntil(() -> pongs > before);
    }

    private void take(RawFrame frame) throws IOException {
        if (told.size() < REMEMBERED) {
            told.add(frame.toString());
        }
        switch (frame.type()) {
            case RawFrame.SETTINGS -> onSettings(frame);
            case RawFrame.PING -> onPing(frame);
            case RawFrame.GOAWAY -> {
                goAways.add(frame);
                texts.append(new String(Arrays.copyOfRange(frame.payload(), 8, frame.payload().length), ISO_8859_1));
            }
            case RawFrame.WINDOW_UPDATE -> {
                if (frame.streamId() == 0) {
                    credit += frame.increment();
                } else {
                    answer(frame.streamId()).onCredit(frame.increment());
                }
            }
            case RawFrame.HEADERS -> {
                RawMessageHead head = wire.decode(frame);
                texts.append(head.fields());
                fault(answer(frame.streamId()).onHead(head));
            }
            case RawFrame.DATA -> {
                texts.append(new String(frame.payload(), ISO_8859_1));
                fault(answer(frame.streamId()).onData(frame));
                giveBack(frame);
            }
            case RawFrame.RST_STREAM -> fault(answer(frame.streamId()).onReset(frame.errorCode()));
            default -> fault("a client is not sent " + frame);
        }
    }

    private void onSettings(RawFrame frame) {
        if (frame.has(RawFrame.ACK)) {
            settingsAcks++;
        } else {
            settings = frame;
            answerWith(RawFrame.settingsAck());
        }
    }

    private void onPing(RawFrame frame) {
        if (frame.has(RawFrame.ACK)) {
            pongs++;
            lastPong |= Arrays.equals(frame.payload(), RawFrame.ping(LAST_PING).payload());
        } else {
            answerWith(RawFrame.pingAck(frame));
        }
    }

    private void giveBack(RawFrame frame) {
        int length = frame.payload().length;
        if (length > 0) {
            if (frame.has(RawFrame.END_STREAM) || starved.contains(frame.streamId())) {
                answerWith(RawFrame.windowUpdate(0, length));
            } else {
                answerWith(RawFrame.windowUpdate(0, length), RawFrame.windowUpdate(frame.streamId(), length));
            }
        }
    }

    private void answerWith(RawFrame... frames) {
        if (!silent) {
            send(frames);
        }
    }

    private void fault(String what) {
        if (!what.isEmpty() && malformed.isEmpty()) {
            malformed = what;
        }
    }

    // ------------------------------------------------------------------ what came

    /** What came on this stream so far. */
    H2Answer answer(int stream) {
        return answers.computeIfAbsent(stream, H2Answer::new);
    }

    boolean isEnded() {
        return end != RawClient.End.OPEN;
    }

    boolean isGoingAway() {
        return !goAways.isEmpty();
    }

    /** The last one. */
    @Nullable
    RawFrame goAway() {
        return goAways.isEmpty() ? null : goAways.get(goAways.size() - 1);
    }

    /** Streams that the proxy has reset before their answers were complete. */
    long resets() {
        return answers.values().stream()
                .filter(each -> each.isReset() && !each.isComplete())
                .count();
    }

    int settingsAcks() {
        return settingsAcks;
    }

    /** What the proxy allowed to be sent beyond the connection's first window. */
    long credit() {
        return credit;
    }

    /** Empty: nothing was. */
    String malformed() {
        return malformed;
    }

    /** Every text that came: fields, bodies, the debug data of GOAWAY. */
    String texts() {
        return texts.toString();
    }

    /** What came, for messages. */
    String told() {
        return end + " behind " + told;
    }

    String marker() {
        return marker;
    }
}
