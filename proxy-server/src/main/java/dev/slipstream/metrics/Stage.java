package dev.slipstream.metrics;

/**
 * Where the time of a request goes, in the order in which a request meets them: the stages of the pipeline and the
 * waits between them. Each has a histogram. The time a request spends in one of them, however often it enters, is one
 * value.
 */
public enum Stage {
    /** Reading the head. */
    INGRESS("ingress"),
    AUTH("auth"),
    ADMISSION("admission"),
    BODY_SCAN("body_scan"),
    /** Waiting for bytes of the client's body. */
    BODY_WAIT("body_wait"),
    ROUTE("route"),
    QUOTA("quota"),
    CACHE("cache"),
    DISPATCH("dispatch"),
    /** Waiting for a connection. */
    POOL_WAIT("pool_wait"),
    /** Waiting for the provider: for the head of its answer, and between two reads of it. */
    UPSTREAM_WAIT("upstream_wait"),
    USAGE("usage"),
    TRANSFORM("transform"),
    /** Writing to the client. */
    EGRESS("egress"),
    /** Waiting for a client that reads slowly. */
    CLIENT_PAUSED("client_paused");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** The value of the {@code stage} label. */
    public String label() {
        return label;
    }
}
