package dev.slipstream.upstream;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.failure.FailureKind;
import io.netty.buffer.ByteBuf;

/**
 * What comes back on an {@link UpstreamStream}: a head, data, and one of end or failure, behind which nothing follows.
 */
public interface UpstreamListener {
    /** The head of the final answer; interim ones (1xx) are not told. Borrowed until the call returns. */
    void onUpstreamHead(FlatHead head, BodyFraming framing);

    /**
     * The next bytes of the answer's body, never none. Consumes {@code data}: what lies before its reader index is nobody's
     * any more.
     */
    void onUpstreamData(ByteBuf data);

    /** The answer is complete. The stream is no longer the listener's. */
    void onUpstreamEnd();

    /** The answer will not be completed. The stream is no longer the listener's. */
    void onUpstreamFailure(FailureKind kind, String detail);

    /** {@link UpstreamStream#isWritable()} has changed. */
    void onUpstreamWritability(boolean writable);
}
