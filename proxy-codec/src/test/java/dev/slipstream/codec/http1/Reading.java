package dev.slipstream.codec.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What reading some bytes came to: everything a caller can see, comparable. */
record Reading(String result, String detail, int taken, String seen) {
    static final int MAX_TARGET = 512;
    static final int MAX_HEAD = 4096;
    static final int MAX_FIELDS = 50;

    /** Latin-1, so that each char is a byte. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    static HeadParser parser(boolean requests) {
        return requests
                ? HeadParser.ofRequests(MAX_TARGET, MAX_HEAD, MAX_FIELDS)
                : HeadParser.ofResponses(MAX_HEAD, MAX_FIELDS);
    }

    /** Reads a head from the input cut at the given places. */
    static Reading ofHead(boolean requests, byte[] input, int... cuts) {
        return ofHead(requests, parser(requests), new FlatHead(), input, cuts);
    }

    /** Reads a head with a parser and a head that are ready for one. */
    static Reading ofHead(boolean requests, HeadParser parser, FlatHead head, byte[] input, int... cuts) {
        HeadResult result = HeadResult.NEED_MORE;
        int taken = 0;
        for (ByteBuf piece : pieces(input, cuts)) {
            // From one piece to the next the caller keeps nothing: what is left of a piece is at its end only.
            result = parser.parse(piece, head);
            taken += piece.readerIndex();
            if (result != HeadResult.NEED_MORE) {
                break;
            }
        }
        return new Reading(result.name(), parser.detail(), taken, describe(head, result, requests));
    }

    /** Reads a chunked body from the input cut at the given places. */
    static Reading ofChunks(byte[] input, int... cuts) {
        ChunkedDecoder decoder = new ChunkedDecoder();
        ChunkResult result = ChunkResult.NEED_MORE;
        StringBuilder body = new StringBuilder();
        int taken = 0;
        for (ByteBuf piece : pieces(input, cuts)) {
            result = decoder.next(piece);
            while (result == ChunkResult.DATA) {
                int length = decoder.dataLength();
                if (length < 1) {
                    throw new AssertionError("empty data");
                }
                body.append(piece.readCharSequence(length, StandardCharsets.ISO_8859_1));
                result = decoder.next(piece);
            }
            taken += piece.readerIndex();
            if (result != ChunkResult.NEED_MORE) {
                break;
            }
            if (piece.isReadable()) {
                throw new AssertionError("asked for more with bytes at hand");
            }
        }
        return new Reading(result.name(), decoder.detail(), taken, body.toString());
    }

    private static List<ByteBuf> pieces(byte[] input, int... cuts) {
        List<ByteBuf> pieces = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(Unpooled.wrappedBuffer(input, from, cut - from));
            from = cut;
        }
        pieces.add(Unpooled.wrappedBuffer(input, from, input.length - from));
        return pieces;
    }

    /** Every place between two bytes. */
    static int[] everywhere(byte[] input) {
        int[] cuts = new int[Math.max(0, input.length - 1)];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i + 1;
        }
        return cuts;
    }

    private static String describe(FlatHead head, HeadResult result, boolean requests) {
        byte[] array = head.array();
        StringBuilder out = new StringBuilder();
        if (result == HeadResult.COMPLETE) {
            out.append(head.method()).append(' ').append(text(array, head.targetStart(), head.targetEnd()));
            out.append(" 1.").append(head.minorVersion()).append(' ').append(head.status());
            out.append(requests ? head.requestFraming() : head.responseFraming(false));
            out.append(head.contentLength()).append(head.keepAlive()).append('\n');
        }
        for (int i = 0; i < head.fieldCount(); i++) {
            out.append(head.name(i)).append(' ').append(text(array, head.nameStart(i), head.nameEnd(i)));
            out.append('=')
                    .append(text(array, head.valueStart(i), head.valueEnd(i)))
                    .append('\n');
        }
        return out.toString();
    }
}
