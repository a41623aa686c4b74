package dev.slipstream.bench.attacks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A line of a table: what is sent, what may come back, and what the provider may see. Built once, not changed by a run.
 */
final class Case {
    /** Whether the connection lives on behind the answer. */
    enum Close {
        CLOSES,
        /** It serves a harmless request more. */
        KEEPS,
        EITHER
    }

    /** What the provider may see. */
    enum Up {
        NOTHING,
        /** As many complete requests as there are answers expected. */
        COMPLETE,
        /** At most one, which never is complete. */
        AT_MOST_INCOMPLETE,
        /** At most one, complete or not. */
        AT_MOST_ONE,
        ANYTHING
    }

    /** What a client does. */
    interface Step {
        void run(RawClient client, Lane lane) throws IOException;
    }

    /** What a client does without a look behind the scenes. */
    interface Deed {
        void run(RawClient client) throws IOException;
    }

    /** A closer look at what came back and at what the provider got. */
    interface Check {
        void look(RawClient client, List<Message> upstream) throws IOException;
    }

    final String name;
    final List<Step> steps = new ArrayList<>();
    final Set<Integer> statuses = new TreeSet<>();
    int answers = 1;
    Close close = Close.EITHER;
    Up up = Up.NOTHING;
    boolean mayBeSilent;
    boolean mayBreakOff;

    @Nullable
    String word;

    int receiveBuffer;

    @Nullable
    Check check;

    private Case(String name) {
        this.name = name;
    }

    /** Refused: one of these statuses, then the end; the provider sees nothing. */
    static Case refused(String name, String bytes, Integer... statuses) {
        return answered(name, bytes, statuses).closes();
    }

    /** Answered with one of these statuses by the proxy itself; the connection may live on. */
    static Case answered(String name, String bytes, Integer... statuses) {
        Case made = new Case(name);
        made.statuses.addAll(Arrays.asList(statuses));
        return made.send(bytes);
    }

    /** Served: 200, the provider saw exactly one complete request, and the connection lives on. */
    static Case served(String name, String bytes) {
        return answered(name, bytes, 200).up(Up.COMPLETE).keeps();
    }

    /** Nothing is sent yet. */
    static Case of(String name, Integer... statuses) {
        Case made = new Case(name);
        made.statuses.addAll(Arrays.asList(statuses));
        return made;
    }

    Case send(String bytes) {
        return step(client -> client.send(bytes));
    }

    Case step(Deed deed) {
        return watch((client, lane) -> deed.run(client));
    }

    /** A step that looks at the proxy or the provider too. */
    Case watch(Step step) {
        steps.add(step);
        return this;
    }

    Case halfClose() {
        return step(RawClient::halfClose);
    }

    Case closes() {
        close = Close.CLOSES;
        return this;
    }

    Case keeps() {
        close = Close.KEEPS;
        return this;
    }

    Case up(Up allowed) {
        up = allowed;
        return this;
    }

    /** How many answers come. */
    Case answers(int count) {
        answers = count;
        return this;
    }

    /** The connection may also end without an answer. */
    Case orSilence() {
        mayBeSilent = true;
        return this;
    }

    /** The answer's body may end before it is complete. */
    Case mayBreakOff() {
        mayBreakOff = true;
        return this;
    }

    /** The word of x-slipstream-error. */
    Case word(String expected) {
        word = expected;
        return this;
    }

    Case receiveBuffer(int bytes) {
        receiveBuffer = bytes;
        return this;
    }

    Case check(Check look) {
        check = look;
        return this;
    }
}
