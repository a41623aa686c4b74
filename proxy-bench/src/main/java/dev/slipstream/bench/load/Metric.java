package dev.slipstream.bench.load;

/** The times that a run records, in nanoseconds. */
public enum Metric {
    /** From when the request was due to the last byte of its answer. Waiting for a free connection is in it. */
    TOTAL("total", "total, from when it was due", true),
    /** From when it was sent: what a closed loop would tell. On a cold connection the connect is in it. */
    SERVICE("service", "service, from when it was sent", true),
    /** From when it was due to the head of the answer. */
    FIRST_BYTE("first_byte", "first byte, from when it was due", true),
    /** From when it was due to the first event of a stream that has content. */
    FIRST_TOKEN("first_token", "first token, from when it was due", true),
    /** Between two events of a stream that have content. */
    TOKEN_GAP("token_gap", "gap between tokens", false),
    /** From the beginning of a connect to a connection that can be used, with its TLS. */
    CONNECT("connect", "connect, with TLS where there is some", false),
    /** How much later than due the generator itself came to a request. Not the server's doing. */
    LATENESS("lateness", "lateness of the generator", false);

    private final String label;
    private final String text;
    private final boolean answered;

    Metric(String label, String text, boolean answered) {
        this.label = label;
        this.text = text;
        this.answered = answered;
    }

    /** As files name it. */
    public String label() {
        return label;
    }

    /** As tables name it. */
    public String text() {
        return text;
    }

    /** Whether a request has at most one of it, and none where it failed. */
    public boolean isOfAnsweredRequests() {
        return answered;
    }
}
