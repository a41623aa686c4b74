package dev.slipstream.upstream;

import dev.slipstream.failure.FailureKind;

/** Who asked a pool for a stream. Told exactly one of the two, unless it withdraws; perhaps before the asking returns. */
public interface StreamRequester {
    /**
     * Here it is; it belongs to the requester until its end.
     *
     * @param reused whether its connection stood idle before, so that it may turn out to be dead
     */
    void onStream(UpstreamStream stream, boolean reused);

    /** There is none to be had. Nothing was sent. */
    void onNoStream(FailureKind kind, String detail);
}
