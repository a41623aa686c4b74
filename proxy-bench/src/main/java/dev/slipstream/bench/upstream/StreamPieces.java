package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a stream: some that stand alone, and runs of many that differ in a token only. A run keeps
 * one event per different token, so that a stream of any length costs a few kilobytes.
 */
final class StreamPieces implements Pieces {
    /** An event, or a run of events that repeat after {@code events.size()}. */
    private record Run(List<byte[]> events, int count, boolean tokens) {}

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
            runs.add(new Run(events, howMany, tokens));
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
        return allocator.buffer(event.length).writeBytes(event);
    }
}
