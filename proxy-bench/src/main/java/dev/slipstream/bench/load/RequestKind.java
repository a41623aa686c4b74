package dev.slipstream.bench.load;

/** What one request asks for. */
enum RequestKind {
    /** A whole answer. */
    CHAT,
    /** The same, as server-sent events. */
    STREAM,
    /** The list of models. */
    MODELS
}
