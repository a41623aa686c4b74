package dev.slipstream.bench.upstream;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a request is answered with, and at which pace.
 *
 * @param headers without framing, which {@link Delivery} adds
 * @param contentLengthBytes the declared length; negative: chunked
 * @param firstDelayNanos from the end of the request to the head, which leaves with the first piece
 * @param gapNanos between two tokens, drawn for each
 * @param endAfter how many pieces come before an ending other than {@link Ending#COMPLETE}; at 0 {@link
 *     Ending#CLOSE}, {@link Ending#RESET}, {@link Ending#REFUSE} and {@link Ending#STALL} come before the head
 * @param errorEvent what {@link Ending#ERROR_EVENT} sends
 * @param fault what was made wrong about it on purpose, the ending apart, as counters name it; empty: nothing
 */
record Answer(
        int status,
        Map<String, String> headers,
        Pieces pieces,
        long contentLengthBytes,
        long firstDelayNanos,
        LongSupplier gapNanos,
        Ending ending,
        int endAfter,
        String errorEvent,
        String fault) {

    static final String JSON_TYPE = "application/json";
    static final String EVENT_STREAM_TYPE = "text/event-stream; charset=utf-8";

    /** Sent at once and in one piece. */
    static Answer immediate(int status, Map<String, String> headers, byte[] body) {
        return immediate(status, headers, SlicedPieces.whole(body), body.length);
    }

    /** Sent at once. */
    static Answer immediate(int status, Map<String, String> headers, Pieces pieces, long contentLengthBytes) {
        return new Answer(
                status, headers, pieces, contentLengthBytes, 0, () -> 0, Ending.COMPLETE, Integer.MAX_VALUE, "", "");
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
        return paced(
                status,
                headers,
                ending == Ending.COMPLETE ? SlicedPieces.whole(body) : SlicedPieces.halves(body),
                body.length,
                () -> 0,
                ending,
                truncated ? 1 : Math.min(behaviour.endAfter, 1),
                "",
                behaviour);
    }

    /** A chunked stream of events. */
    static Answer stream(Map<String, String> headers, Pieces pieces, Behaviour behaviour, String errorEvent) {
        boolean half = behaviour.ending == Ending.TRUNCATE && behaviour.endAfter == 0;
        return paced(
                200,
                headers,
                pieces,
                -1,
                behaviour::nextGapNanos,
                behaviour.ending,
                half ? pieces.count() / 2 : behaviour.endAfter,
                errorEvent,
                behaviour);
    }

    /** Behind the behaviour's delay, and as thin as it asks for. */
    private static Answer paced(
            int status,
            Map<String, String> headers,
            Pieces pieces,
            long contentLengthBytes,
            LongSupplier gapNanos,
            Ending ending,
            int endAfter,
            String errorEvent,
            Behaviour behaviour) {
        Pieces sent = pieces;
        LongSupplier gap = gapNanos;
        if (behaviour.trickleBytesPerSecond > 0) {
            TricklePieces trickle = new TricklePieces(pieces, behaviour.trickleBytesPerSecond);
            sent = trickle;
            gap = trickle::gapNanos;
        }
        return new Answer(
                status,
                headers,
                sent,
                contentLengthBytes,
                behaviour.delayNanos,
                gap,
                ending,
                endAfter,
                errorEvent,
                behaviour.fault());
    }
}
