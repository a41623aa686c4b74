package dev.slipstream.ingress;

/** A client connection as the end of the process sees it, whatever its protocol. On the connection's loop alone. */
interface Ingress {
    /** The handler's name in the pipeline of its connection. */
    String NAME = "ingress";

    /** Nothing is under way and nothing was begun, so that a drain may close the connection. */
    boolean isIdle();

    /** The process is about to end: no further request is asked for. Idempotent. */
    void startDraining();

    /** Closes the connection, which is idle. */
    void closeIdle();

    /** Bytes of answers that wait for the client's leave before they go to the socket's queue; any thread. */
    long queuedBytes();

    /** The process ends, and does not wait any longer for what is under way here. */
    void endForDrain();
}
