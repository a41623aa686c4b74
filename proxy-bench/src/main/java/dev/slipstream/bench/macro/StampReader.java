package dev.slipstream.bench.macro;

import java.util.Arrays;

/**
 * Finds the events of a paced stream in the bytes of its answer, in whatever reads they come and however they were cut
 * into chunks on their way. The head must be gone.
 */
final class StampReader {
    private enum State {
        SIZE,
        SIZE_END,
        DATA,
        DATA_END
    }

    private State state = State.SIZE;
    private int left;
    private int lastSize;
    private boolean whole;
    private boolean inStamp;
    private long stamp;
    private int events;
    private long[] writtenNanos = new long[1024];
    private long[] cameNanos = new long[1024];

    void take(byte[] bytes, int from, int to, long nowNanos) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            switch (state) {
                case SIZE -> {
                    int digit = Character.digit(b, 16);
                    if (digit >= 0) {
                        left = left * 16 + digit;
                    } else {
                        state = State.SIZE_END;
                    }
                }
                case SIZE_END -> {
                    lastSize = left;
                    state = State.DATA;
                }
                case DATA -> {
                    onData(b, nowNanos);
                    left--;
                }
                case DATA_END -> {
                    if (b == '\n') {
                        state = State.SIZE;
                    }
                }
            }
            if (state == State.DATA && left == 0) {
                whole = lastSize == 0;
                state = State.DATA_END;
            }
        }
    }

    private void onData(byte b, long nowNanos) {
        if (b == '{') {
            inStamp = true;
            stamp = 0;
        } else if (b == '}' && inStamp) {
            inStamp = false;
            if (events == cameNanos.length) {
                writtenNanos = Arrays.copyOf(writtenNanos, events * 2);
                cameNanos = Arrays.copyOf(cameNanos, events * 2);
            }
            writtenNanos[events] = stamp;
            cameNanos[events] = nowNanos;
            events++;
        } else if (inStamp && b >= '0' && b <= '9') {
            stamp = stamp * 10 + b - '0';
        }
    }

    /** Whether the last chunk, which has no data, has come. */
    boolean isWhole() {
        return whole;
    }

    NeighbourRun.Arrivals arrivals() {
        return new NeighbourRun.Arrivals(Arrays.copyOf(writtenNanos, events), Arrays.copyOf(cameNanos, events));
    }
}
