package dev.slipstream.bench.upstream;

/** Decides what a request is answered with. Called on event loops, by several at once; must not block. */
interface Responder {
    Answer answer(ReceivedRequest request);
}
