package dev.slipstream.ingress;

import dev.slipstream.loop.Loop;

/** A loop as the acceptor sees it: where connections go, and how many it has. */
public record ClientLoop(Loop loop, ProxyPipeline pipeline, ClientConnections connections) {}
