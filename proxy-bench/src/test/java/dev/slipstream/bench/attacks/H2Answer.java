package dev.slipstream.bench.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawMessageHead;
import org.jspecify.annotations.Nullable;

/** What came back on one stream; filled by {@link H2Client}, and faults found with it told to that. */
final class H2Answer {
    private static final int NOT_RESET = -1;

    private final int stream;
    private final StringBuilder body = new StringBuilder();
    private @Nullable RawMessageHead head;
    private int interims;
    private boolean ended;
    private int reset = NOT_RESET;
    private long credit;

    H2Answer(int stream) {
        this.stream = stream;
    }

    /** @return what is wrong with it; empty: nothing */
    String onHead(RawMessageHead decoded) {
        if (isOver()) {
            return "a head behind the end of stream " + stream;
        }
        if (head != null) {
            return "trailers, or a second head, on stream " + stream;
        }
        if (decoded.all(":status").size() != 1
                || decoded.fields().get(0).getKey().charAt(0) != ':') {
            return "not one status, and it first: " + decoded;
        }
        for (var field : decoded.fields()) {
            if (!field.getKey().matches(":status|[!#$%&'*+.^_`|~0-9a-z-]+")
                    || !field.getValue().matches("([!-~\u0080-\u00ff]([\t -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?)?")) {
                return "not a field: " + field;
            }
        }
        for (String never : new String[] {"connection", "transfer-encoding", "keep-alive", "upgrade"}) {
            if (decoded.get(never) != null) {
                return "a field of HTTP/1.1: " + never;
            }
        }
        if (decoded.status() < 200) {
            interims++;
            return decoded.endStream() ? "an interim head that ends the stream" : "";
        }
        head = decoded;
        ended = decoded.endStream();
        return "";
    }

    /** @return what is wrong with it; empty: nothing */
    String onData(RawFrame frame) {
        if (isOver()) {
            return "data behind the end of stream " + stream;
        }
        if (head == null) {
            return "data before a head on stream " + stream;
        }
        body.append(new String(frame.payload(), ISO_8859_1));
        ended = frame.has(RawFrame.END_STREAM);
        return ended ? lengthFault() : "";
    }

    private String lengthFault() {
        String declared = field("content-length");
        return declared.isEmpty() || declared.equals("" + body.length())
                ? ""
                : "content-length " + declared + " of " + body.length() + " bytes on stream " + stream;
    }

    /** @return what is wrong with it; empty: nothing */
    String onReset(int code) {
        if (isReset()) {
            return "reset twice: stream " + stream;
        }
        reset = code;
        // Behind a complete answer: the rest of the request is not wanted (RFC 9113 §8.1), or there came more than
        // that.
        return ended && code != RawFrame.NO_ERROR && code != RawFrame.STREAM_CLOSED
                ? "reset " + code + " behind the end of stream " + stream
                : "";
    }

    void onCredit(int bytes) {
        credit += bytes;
    }

    /** The head came; interim ones do not count. */
    boolean isBegun() {
        return head != null;
    }

    /** It is complete, or was reset. */
    boolean isOver() {
        return ended || isReset();
    }

    boolean isComplete() {
        return ended;
    }

    /** Before it was complete, or behind that. */
    boolean isReset() {
        return reset != NOT_RESET;
    }

    /** -1: it was not reset. */
    int resetCode() {
        return reset;
    }

    /** 0 before the head. */
    int status() {
        return head == null ? 0 : head.status();
    }

    int interims() {
        return interims;
    }

    /** Empty where there is none. */
    String field(String name) {
        String value = head == null ? null : head.get(name);
        return value == null ? "" : value;
    }

    /** One char per byte. */
    String body() {
        return body.toString();
    }

    /** What the proxy allowed to be sent beyond the first window. */
    long credit() {
        return credit;
    }

    @Override
    public String toString() {
        return "stream " + stream + ": status " + status() + (ended ? ", complete" : "")
                + (isReset() ? ", reset " + reset : "") + ", " + body.length() + " bytes "
                + body.substring(0, Math.min(300, body.length()));
    }
}
