package dev.slipstream.exchange;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Pipeline message: the next bytes of the body of {@link #exchange()}. A view that lives in its exchange; never stored.
 * The handler that ends its way {@linkplain #take() takes} the bytes.
 */
public final class RequestData {
    private final Exchange exchange;
    private @Nullable ByteBuf bytes;

    RequestData(Exchange exchange) {
        this.exchange = exchange;
    }

    public Exchange exchange() {
        return exchange;
    }

    /** Loads the view; consumes {@code bytes}. */
    public RequestData of(ByteBuf bytes) {
        assert this.bytes == null;
        this.bytes = bytes;
        return this;
    }

    /** Returns the bytes owned; once per message. */
    public ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = null;
        if (taken == null) {
            throw new IllegalStateException("taken already");
        }
        return taken;
    }

    /** Borrows the bytes. */
    public ByteBuf peek() {
        ByteBuf here = bytes;
        if (here == null) {
            throw new IllegalStateException("taken already");
        }
        return here;
    }
}
