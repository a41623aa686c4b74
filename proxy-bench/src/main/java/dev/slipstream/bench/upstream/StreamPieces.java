package dev.slipstream.bench.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The events of a stream: some that stand alone, and runs of many that differ in a token only. A run keeps
 * one event per different token, so that a stream of any length costs a few kilobytes.
 */
final class StreamPieces implements Pieces {
    private static final byte[] STAMP = Tokens.STAMP.getBytes(US_ASCII);

    /**
     * An event, or a run of events that repeat after {@code events.size()}.
     *
     * @param stampAt where in each event the time is to be written; less than 0: nowhere
     */
    private record Run(List<byte[]> events, int count, boolean tokens, int stampAt) {}

    private final List<Run> runs = new ArrayList<>();
    private int count;

    private int run;
    private int index;
    /** The first token comes with the first-token delay and waits for no gap. */
    private boolean tokenSent;

    /** One event that is sent with its predecessor, without a gap. */
    StreamPieces event(byte[] event) {
        return run(List.of(event), 1, false);
    }

    /** A run of {@code howMany} tokens, cycling through {@code events}. */
    StreamPieces tokens(List<byte[]> events, int howMany) {
        return run(events, howMany, true);
    }

    private StreamPieces run(List<byte[]> events, int howMany, boolean tokens) {
        if (howMany > 0) {
            runs.add(new Run(events, howMany, tokens, tokens ? indexOf(events.get(0), STAMP) : -1));
            count += howMany;
        }
        return this;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public boolean hasNext() {
        return run < runs.size();
    }

    @Override
    public boolean isPaced() {
        return tokenSent && hasNext() && runs.get(run).tokens();
    }

    @Override
    public ByteBuf next(ByteBufAllocator allocator) {
        Run current = runs.get(run);
        byte[] event = current.events().get(index % current.events().size());
        tokenSent |= current.tokens();
        if (++index == current.count()) {
            index = 0;
            run++;
        }
        ByteBuf piece = allocator.buffer(event.length).writeBytes(event);
        if (current.stampAt() >= 0) {
            stamp(piece, current.stampAt(), System.nanoTime());
        }
        return piece;
    }

    private static void stamp(ByteBuf piece, int at, long nanos) {
        long rest = nanos;
        for (int i = at + STAMP.length - 1; i >= at; i--) {
            piece.setByte(i, '0' + (int) (rest % 10));
            rest /= 10;
        }
    }

    /** Less than 0: {@code wanted} is not there. */
    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int at = 0; at + wanted.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }
}
