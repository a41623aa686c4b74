package dev.slipstream.exchange;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.route.Target;
import org.jspecify.annotations.Nullable;

/**
 * The head of the answer to {@link #exchange()} as it goes to the client, on any protocol: an answer of a provider, or
 * one of our own. Lives in its exchange.
 */
public final class ResponseHead {
    /** The body's length is not known when the head goes. */
    public static final long UNKNOWN_LENGTH = -1;

    private final Exchange exchange;
    private int status;
    private long contentLength;
    private @Nullable FlatHead providerHead;
    private @Nullable Target target;
    private @Nullable String contentType;
    private @Nullable String allow;
    private @Nullable FailureKind failure;
    private boolean estimated;

    ResponseHead(Exchange exchange) {
        this.exchange = exchange;
    }

    /** An answer of our own. */
    ResponseHead local(int status, String contentType, long contentLength) {
        reset();
        this.status = status;
        this.contentType = contentType;
        this.contentLength = contentLength;
        return this;
    }

    /**
     * A provider's answer.
     *
     * @param head borrowed until the head has been written
     * @param contentLength of the body that goes to the client, or {@link #UNKNOWN_LENGTH}
     */
    public ResponseHead ofProvider(FlatHead head, Target target, long contentLength) {
        reset();
        this.status = head.status();
        this.providerHead = head;
        this.target = target;
        this.contentLength = contentLength;
        return this;
    }

    /**
     * A provider's answer, edited: what describes the provider's own body does not pass.
     *
     * @param head borrowed until the head has been written
     * @param contentLength of the body that goes to the client, or {@link #UNKNOWN_LENGTH}
     */
    public ResponseHead ofEdited(FlatHead head, Target target, int status, String contentType, long contentLength) {
        ofProvider(head, target, contentLength);
        this.status = status;
        this.contentType = contentType;
        return this;
    }

    void failure(FailureKind kind, @Nullable String allow) {
        this.failure = kind;
        this.allow = allow;
    }

    void setEstimated() {
        estimated = true;
    }

    /** Whether the answer holds an estimate of ours. */
    public boolean isEstimated() {
        return estimated;
    }

    public Exchange exchange() {
        return exchange;
    }

    public int status() {
        return status;
    }

    public long contentLength() {
        return contentLength;
    }

    /** The provider's head, of which some fields pass; null where the answer is our own. */
    public @Nullable FlatHead providerHead() {
        return providerHead;
    }

    /** Who answered; null where the answer is our own. */
    public @Nullable Target target() {
        return target;
    }

    /** The media type of an answer of our own, or of one that was edited; null: the provider's. */
    public @Nullable String contentType() {
        return contentType;
    }

    /** The value of {@code allow} in a 405. */
    public @Nullable String allow() {
        return allow;
    }

    /** Why we answer ourselves, where that is a failure. */
    public @Nullable FailureKind failure() {
        return failure;
    }

    void reset() {
        status = 0;
        contentLength = 0;
        providerHead = null;
        target = null;
        contentType = null;
        allow = null;
        failure = null;
        estimated = false;
    }
}
