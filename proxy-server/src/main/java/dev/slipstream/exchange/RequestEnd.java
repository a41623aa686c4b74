package dev.slipstream.exchange;

/** Pipeline message: the body of {@link #exchange()} is complete. A view that lives in its exchange; never stored. */
public final class RequestEnd {
    private final Exchange exchange;

    RequestEnd(Exchange exchange) {
        this.exchange = exchange;
    }

    public Exchange exchange() {
        return exchange;
    }
}
