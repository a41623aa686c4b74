package dev.slipstream.exchange;

import dev.slipstream.loop.Loop;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/** The exchanges of one loop, reused. Confined to that loop. */
public final class ExchangePool {
    /** Exchanges kept for reuse; more are left to the garbage collector. */
    private static final int KEPT = 1024;

    private final Loop loop;
    private final int jsonDepth;
    private final ExchangeLog log;
    private final SplittableRandom random = new SplittableRandom();
    private final ArrayDeque<Exchange> free = new ArrayDeque<>();
    private int inUse;

    public ExchangePool(Loop loop, int jsonDepth) {
        this(loop, jsonDepth, ExchangeLog.OFF);
    }

    public ExchangePool(Loop loop, int jsonDepth, ExchangeLog log) {
        this.loop = loop;
        this.jsonDepth = jsonDepth;
        this.log = log;
    }

    /** Returns owned: an open exchange, whose time runs from here. */
    public Exchange acquire(ClientStream client) {
        assert loop.isHere();
        Exchange exchange = free.pollLast();
        if (exchange == null) {
            exchange = new Exchange(this, loop, jsonDepth, random.split());
        }
        inUse++;
        exchange.open(client);
        return exchange;
    }

    void recycle(Exchange exchange) {
        inUse--;
        if (free.size() < KEPT) {
            free.addLast(exchange);
        } else {
            exchange.retire();
        }
    }

    /** Who is told of the end of each. */
    ExchangeLog log() {
        return log;
    }

    /** Exchanges acquired and not closed. */
    public int inUse() {
        return inUse;
    }
}
