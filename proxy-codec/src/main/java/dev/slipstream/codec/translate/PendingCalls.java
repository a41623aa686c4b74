package dev.slipstream.codec.translate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tool calls of one assistant's turn, and which of them have their result: both dialects refuse a call without one,
 * and a result without its call. Several calls of one id, which occur, are answered in their order.
 */
final class PendingCalls {
    static final int NONE = -1;

    private final List<String> written = new ArrayList<>();
    private final BitSet answered = new BitSet();
    private final Map<String, Integer> firstOf = new HashMap<>();
    private final Map<String, Integer> lastOf = new HashMap<>();
    private int[] nextOf = new int[8];
    private int firstOpen;

    void clear() {
        written.clear();
        answered.clear();
        firstOf.clear();
        lastOf.clear();
        firstOpen = 0;
    }

    /** A call whose id is {@code original} to the client and {@code written} to the provider. */
    void add(String original, String written) {
        int call = this.written.size();
        this.written.add(written);
        if (call == nextOf.length) {
            nextOf = Arrays.copyOf(nextOf, call * 2);
        }
        nextOf[call] = NONE;
        Integer last = lastOf.put(original, call);
        if (last != null) {
            nextOf[last] = call;
        }
        firstOf.putIfAbsent(original, call);
    }

    /** The call that a result of the id {@code original} answers, which is answered by that; {@link #NONE}: there is none. */
    int answer(String original) {
        Integer first = firstOf.get(original);
        int call = first == null ? NONE : first;
        while (call != NONE && answered.get(call)) {
            call = nextOf[call];
        }
        if (call != NONE) {
            answered.set(call);
            firstOf.put(original, call);
        }
        return call;
    }

    /** The first call without a result, or {@link #NONE}. */
    int firstOpen() {
        firstOpen = answered.nextClearBit(firstOpen);
        return firstOpen < written.size() ? firstOpen : NONE;
    }

    /** {@code call} was told to have no result. */
    void close(int call) {
        answered.set(call);
    }

    /** The id of {@code call} to the provider. */
    String written(int call) {
        return written.get(call);
    }
}
