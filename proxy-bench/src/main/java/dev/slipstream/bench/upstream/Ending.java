package dev.slipstream.bench.upstream;

/** How an answer ends. */
enum Ending {
    /** As it should. */
    COMPLETE,
    /** The connection is closed between two pieces. */
    CLOSE,
    /** The connection is closed within a piece. */
    CUT,
    /** The connection is reset (RST) between two pieces. */
    RESET,
    /** Nothing more is sent, the connection stays open. */
    STALL,
    /** The dialect's error event, then a normal end of the response. */
    ERROR_EVENT,
    /** A normal end of the response, but not of the dialect's stream. */
    TRUNCATE
}
