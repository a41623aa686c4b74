package dev.slipstream.dispatch;

import dev.slipstream.failure.FailureKind;

/** What may follow an attempt that came to nothing, before the first byte went to the client. Pure. */
final class RetryPolicy {
    /** What to do next. */
    enum Verdict {
        /** The client is told. */
        GIVE_UP,
        /** Once more at the same target. */
        SAME_TARGET,
        NEXT_TARGET
    }

    /** How often a target that refuses a request is asked again before the next one is. */
    static final int MAX_REFUSED_REPEATS = 3;

    private RetryPolicy() {}

    /**
     * The attempt failed.
     *
     * @param replayable whether the whole body, as far as it came, can be sent again
     * @param sent whether a byte of the request was handed to the socket
     * @param reused whether the connection stood idle before
     * @param answered whether a byte of an answer came
     * @param refused whether the provider has said that it did nothing with the request
     * @param repeats how often the target has been repeated already
     * @param targetsLeft whether there is a next target
     */
    static Verdict onFailure(
            FailureKind kind,
            boolean replayable,
            boolean sent,
            boolean reused,
            boolean answered,
            boolean refused,
            int repeats,
            boolean targetsLeft) {
        if (!replayable) {
            return Verdict.GIVE_UP;
        }
        return switch (kind.retryClass()) {
            case NEVER -> Verdict.GIVE_UP;
            case NOTHING_SENT -> (refused || !sent) && targetsLeft ? Verdict.NEXT_TARGET : Verdict.GIVE_UP;
            case REUSED_WITHOUT_ANSWER -> {
                if (refused ? repeats < MAX_REFUSED_REPEATS : reused && !answered && repeats == 0) {
                    yield Verdict.SAME_TARGET;
                }
                yield (refused || !sent) && targetsLeft ? Verdict.NEXT_TARGET : Verdict.GIVE_UP;
            }
        };
    }

    /** The provider answered with {@code status}. */
    static Verdict onStatus(int status, boolean replayable, boolean targetsLeft) {
        boolean elsewhere = switch (status) {
            case 429, 500, 502, 503, 504, 529 -> true;
            default -> false;
        };
        return elsewhere && replayable && targetsLeft ? Verdict.NEXT_TARGET : Verdict.GIVE_UP;
    }
}
