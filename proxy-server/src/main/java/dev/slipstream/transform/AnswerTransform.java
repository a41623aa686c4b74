package dev.slipstream.transform;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import io.netty.buffer.ByteBuf;

/**
 * Edits one answer on its way to its client. What it makes is appended to the output of the loop, which whoever calls
 * empties behind every call.
 *
 * <p>An answer of events goes out as it comes: its head as soon as there is the first output, so that an error before that
 * can still be a status. Any other answer is made at its end, when its length is known.
 */
public interface AnswerTransform {
    /** The next bytes of the provider's body. Consumes {@code data}. */
    Progress onData(ByteBuf data, JsonOutput out);

    /** The provider's body is complete. */
    Progress onEnd(JsonOutput out);

    /** Whether what goes to the client is a stream of events. */
    boolean isEvents();

    /** The status of what goes to the client, once there is output. */
    int status();

    /** Why it {@linkplain Progress#FAILED failed}. */
    ProviderError error();

    /** Ends a stream of events that has begun with {@code error}, whole events that are open first. */
    void fail(ProviderError error, String requestId, JsonOutput out);

    /** Gives back what it holds. Idempotent. */
    void release();
}
