package dev.slipstream.bench.upstream;

import java.util.Locale;

/** How an answer ends. */
enum Ending {
    /** As it should. */
    COMPLETE,
    /** The connection is closed between two pieces; in HTTP/2 the stream is reset. */
    CLOSE,
    /** The same within a piece. */
    CUT,
    /** The connection is reset (RST of TCP) between two pieces, with all that lives on it. */
    RESET,
    /** Not begun: RST_STREAM with REFUSED_STREAM; in HTTP/1.1 the connection is closed. */
    REFUSE,
    /** Nothing more is sent, the connection stays open. */
    STALL,
    /** The dialect's error event, then a normal end of the response. */
    ERROR_EVENT,
    /** A normal end of the response, but not of the dialect's stream. */
    TRUNCATE;

    /** As counters name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
