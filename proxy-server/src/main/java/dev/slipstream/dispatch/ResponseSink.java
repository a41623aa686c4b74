package dev.slipstream.dispatch;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.failure.FailureKind;
import io.netty.buffer.ByteBuf;

/**
 * Where the answer of an {@link Attempt} goes: a head, data, and one of end or failure, behind which nothing follows. The
 * client's exchange is one; whoever else wants an answer (a shared request, a warm-up, a probe) is another.
 */
interface ResponseSink {
    /** The head of the answer. From here there is no other attempt. Borrows {@code head}. */
    void onHead(FlatHead head, BodyFraming framing);

    /** The next bytes of the body. Consumes {@code data}. */
    void onData(ByteBuf data);

    /** The answer is complete. */
    void onEnd();

    /** The answer will not be completed. */
    void onFailure(FailureKind kind);

    /** Whether more is wanted now; the attempt asks behind each piece of data, and is told by a call when it is again. */
    boolean wantsMore();
}
