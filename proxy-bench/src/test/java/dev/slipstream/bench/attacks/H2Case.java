package dev.slipstream.bench.attacks;

import dev.slipstream.bench.rawh2.RawFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A line of a table on HTTP/2: what is sent, what may come back on the stream that it is about, or for the whole
 * connection, and what the provider may see. Built once, not changed by a run.
 */
final class H2Case {
    /** What a client does; it may look at the proxy and the provider too. */
    interface Step {
        void run(H2Client client, H2Lane lane) throws IOException;
    }

    /** A closer look at what came back and at what the provider got. */
    interface Check {
        void look(H2Client client, List<Message> upstream) throws IOException;
    }

    final String name;
    final List<Step> steps = new ArrayList<>();
    /** Allowed answers of stream {@link #about}, none allowed where it is empty. */
    final Set<Integer> statuses = new TreeSet<>();
    /** Allowed codes of a RST_STREAM on it. */
    final Set<Integer> resets = new TreeSet<>();
    /** Allowed codes of a GOAWAY, behind which the connection ends. */
    final Set<Integer> goAways = new TreeSet<>();

    int about = 1;
    int[] settings = {};
    boolean greets = true;
    boolean maySilentlyEnd;
    Case.Close close = Case.Close.EITHER;
    Case.Up up = Case.Up.NOTHING;
    int receiveBytes;

    @Nullable
    String word;

    @Nullable
    Check check;

    private H2Case(String name) {
        this.name = name;
    }

    /** Nothing is sent and nothing allowed yet. */
    static H2Case of(String name) {
        return new H2Case(name);
    }

    /** A message that is malformed (RFC 9113 §8.1.1): its stream is reset or answered 400, and the others go on. */
    static H2Case malformed(String name, RawFrame... frames) {
        return of(name).send(frames)
                .answers(400)
                .resets(RawFrame.PROTOCOL_ERROR)
                .keeps();
    }

    /** Refused by the proxy itself; the connection lives on. */
    static H2Case refused(String name, RawFrame[] frames, int... statuses) {
        return of(name).send(frames).answers(statuses).keeps();
    }

    /** Served: 200 with the request's own marker, one complete request at the provider, and the connection lives on. */
    static H2Case served(String name, RawFrame... frames) {
        return of(name).send(frames).isServed();
    }

    /** Ends the connection: GOAWAY with one of these codes, and the end; the provider sees nothing. */
    static H2Case connectionError(String name, int code, RawFrame... frames) {
        return of(name).send(frames).goesAway(code).closes();
    }

    H2Case isServed() {
        return answers(200).up(Case.Up.COMPLETE).keeps();
    }

    H2Case send(RawFrame... frames) {
        return step((client, lane) -> client.send(frames));
    }

    /** Bytes as they are. */
    H2Case bytes(byte[] bytes) {
        return step((client, lane) -> client.send(bytes));
    }

    H2Case step(Step step) {
        steps.add(step);
        return this;
    }

    /** In the first settings of the client. */
    H2Case settings(int... idsAndValues) {
        settings = idsAndValues;
        return this;
    }

    /** The steps begin with the preface, or with what stands in its place. */
    H2Case ungreeted() {
        greets = false;
        return this;
    }

    /** The stream whose answer is looked at; 0: none is awaited, but the end of the connection if it has to come. */
    H2Case about(int stream) {
        about = stream;
        return this;
    }

    H2Case answers(int... allowed) {
        for (int each : allowed) {
            statuses.add(each);
        }
        return this;
    }

    H2Case resets(int... allowed) {
        for (int each : allowed) {
            resets.add(each);
        }
        return this;
    }

    H2Case goesAway(int... allowed) {
        for (int each : allowed) {
            goAways.add(each);
        }
        return this;
    }

    /** The connection may also end without a word. */
    H2Case orSilentEnd() {
        maySilentlyEnd = true;
        return this;
    }

    H2Case closes() {
        close = Case.Close.CLOSES;
        return this;
    }

    H2Case keeps() {
        close = Case.Close.KEEPS;
        return this;
    }

    H2Case either() {
        close = Case.Close.EITHER;
        return this;
    }

    H2Case up(Case.Up allowed) {
        up = allowed;
        return this;
    }

    /** The word of x-slipstream-error. */
    H2Case word(String expected) {
        word = expected;
        return this;
    }

    H2Case receiveBytes(int bytes) {
        receiveBytes = bytes;
        return this;
    }

    H2Case check(Check look) {
        check = look;
        return this;
    }
}
