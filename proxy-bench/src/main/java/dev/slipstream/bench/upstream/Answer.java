package dev.slipstream.bench.upstream;

import java.util.Map;

/**
 * What a request is answered with, and at which pace.
 *
 * @param headers without framing, which {@link Delivery} adds
 * @param contentLengthBytes the declared length; negative: chunked
 * @param firstDelayNanos from the end of the request to the head, which leaves with the first piece
 * @param gapNanos between two tokens
 * @param endAfter how many pieces come before an ending other than {@link Ending#COMPLETE}; at 0 {@link
 *     Ending#CLOSE}, {@link Ending#RESET}, {@link Ending#REFUSE} and {@link Ending#STALL} come before the head
 * @param errorEvent what {@link Ending#ERROR_EVENT} sends
 */
record Answer(
        int status,
        Map<String, String> headers,
        Pieces pieces,
        long contentLengthBytes,
        long firstDelayNanos,
        long gapNanos,
        Ending ending,
        int endAfter,
        String errorEvent) {

    static final String JSON_TYPE = "application/json";
    static final String EVENT_STREAM_TYPE = "text/event-stream; charset=utf-8";

    /** Sent at once and in one piece. */
    static Answer immediate(int status, Map<String, String> headers, byte[] body) {
        return new Answer(
                status, headers, SlicedPieces.whole(body), body.length, 0, 0, Ending.COMPLETE, Integer.MAX_VALUE, "");
    }

    /** A whole body; an ending that needs a middle finds it between two halves. */
    static Answer whole(int status, Map<String, String> headers, byte[] body, Behaviour behaviour) {
        Ending ending = switch (behaviour.ending) {
            case COMPLETE, ERROR_EVENT -> Ending.COMPLETE;
            case TRUNCATE, CLOSE -> Ending.CLOSE;
            case CUT -> Ending.CUT;
            case RESET -> Ending.RESET;
            case REFUSE -> Ending.REFUSE;
            case STALL -> Ending.STALL;
        };
        boolean truncated = behaviour.ending == Ending.TRUNCATE;
        return new Answer(
                status,
                headers,
                ending == Ending.COMPLETE ? SlicedPieces.whole(body) : SlicedPieces.halves(body),
                body.length,
                behaviour.delayNanos,
                0,
                ending,
                truncated ? 1 : Math.min(behaviour.endAfter, 1),
                "");
    }

    /** A chunked stream of events. */
    static Answer stream(Map<String, String> headers, Pieces pieces, Behaviour behaviour, String errorEvent) {
        boolean half = behaviour.ending == Ending.TRUNCATE && behaviour.endAfter == 0;
        return new Answer(
                200,
                headers,
                pieces,
                -1,
                behaviour.delayNanos,
                behaviour.gapNanos,
                behaviour.ending,
                half ? pieces.count() / 2 : behaviour.endAfter,
                errorEvent);
    }
}
