package dev.slipstream.bench.load;

import java.util.Locale;

/** What became of a request. Every request that was due ends in exactly one of them. */
public enum Outcome {
    /** A whole answer with status 200; a stream with its last event. */
    OK,
    /** 429. */
    RATE_LIMITED,
    /** Another 4xx. */
    CLIENT_ERROR,
    /** 5xx. */
    SERVER_ERROR,
    /** Another status. */
    OTHER_STATUS,
    /** A stream with an error event in it. */
    ERROR_EVENT,
    /** A stream that ended well, without its last event. */
    TRUNCATED,
    /** The connection or stream ended before the answer did. */
    BROKEN,
    /** The answer breaks HTTP, or the server refuses what HTTP allows. */
    PROTOCOL,
    /** No connection, or no handshake. */
    CONNECT_FAILED,
    /** Not answered in time, counted from when it was due. */
    TIMED_OUT,
    /** Was due, and never sent, since the run ended by an overrun. */
    NOT_SENT;

    /** As tables and files name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Outcome ofStatus(int status) {
        if (status == 200) {
            return OK;
        }
        if (status == 429) {
            return RATE_LIMITED;
        }
        return switch (status / 100) {
            case 4 -> CLIENT_ERROR;
            case 5 -> SERVER_ERROR;
            default -> OTHER_STATUS;
        };
    }
}
