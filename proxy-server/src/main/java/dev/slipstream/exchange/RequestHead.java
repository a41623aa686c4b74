package dev.slipstream.exchange;

/** Pipeline message: the head of {@link #exchange()} is complete. A view that lives in its exchange; never stored. */
public final class RequestHead {
    private final Exchange exchange;

    RequestHead(Exchange exchange) {
        this.exchange = exchange;
    }

    public Exchange exchange() {
        return exchange;
    }
}
