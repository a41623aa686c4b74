package dev.slipstream.boot;

import dev.slipstream.config.LimitsConfig;
import dev.slipstream.config.PoolConfig;
import dev.slipstream.config.ProviderConfig;
import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.upstream.ConnectionSettings;

/**
 * How much direct memory a configuration can come to need: the sum of the bounds of every queue in FLOW_CONTROL.md. It is
 * made Netty's limit, so that the bounds refuse first. Loads nothing of Netty's: it is asked before the start.
 */
public final class DirectMemory {
    /** No sum exists: some limit is switched off. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    /** The largest read: Netty's adaptive size ends there. */
    private static final long READ_BYTES = 64 * KIB;

    /** Of further requests, while an answer is awaited; H1Ingress reads no more. */
    private static final long PIPELINED_BYTES = 16 * KIB;

    /** A chunk of one byte takes 6 of what was read, and 16 each for the size line and the line end around it. */
    private static final long CHUNK_LINES_BYTES = READ_BYTES / 6 * 32;

    /** H2Ingress allows as many. */
    private static final long STREAMS_OF_A_CLIENT = 100;

    /** A head with room for what we add, and a small body gathered behind it. */
    private static final long HEAD_EXTRA_BYTES = 8 * KIB;

    /** Of an answer over HTTP/2 whose client gives no credit: the read that found it so, and its head. */
    private static final long ANSWER_STREAM_BYTES = READ_BYTES + HEAD_EXTRA_BYTES;

    /**
     * What a loop's thread keeps of freed buffers (Allocators: 256 of each size up to 28 KiB, 64 of 32 KiB), the chunks
     * it has begun, and the read in hand.
     */
    private static final long LOOP_BYTES = 48 * MIB;

    /** Of an answer that is held to be translated; HeldAnswer takes no larger one. */
    private static final long WHOLE_ANSWER_BYTES = 32 * MIB;

    /** 64 connections of the admin listener, each with a page of metrics, and its own allocator's first chunk. */
    private static final long ADMIN_BYTES = 20 * MIB;

    /**
     * Of a client that speaks TLS: the read that a record came with in part, and the record that is being encrypted,
     * plain and encrypted. What BoringSSL keeps of its own is no direct memory of the JVM's.
     */
    private static final long TLS_BYTES = READ_BYTES + 2 * 18 * KIB;

    private DirectMemory() {}

    /**
     * The sum, with a quarter more for what lies unused between buffers; a multiple of 1 MiB.
     *
     * @return {@link #UNBOUNDED} where a limit that would bound it is 0
     */
    public static long boundBytes(SlipstreamConfig config, int loops) {
        LimitsConfig limits = config.limits();
        if (limits.connections() == 0) {
            return UNBOUNDED;
        }
        long clients = limits.connections();
        long most = saturated(clients, STREAMS_OF_A_CLIENT);
        long exchanges = limits.inFlight() == 0 ? most : Math.min(limits.inFlight(), most);
        long held = heldBytes(limits, exchanges);
        long replay = limits.replayTotalBytes() == 0
                ? saturated(exchanges, limits.replayBytes() + READ_BYTES)
                : limits.replayTotalBytes();
        long sum = saturatedSum(held, replay);
        long client = clientBytes(limits) + (config.listen().tls() == null ? 0 : TLS_BYTES);
        sum = saturatedSum(sum, saturated(clients, client));
        sum = saturatedSum(sum, saturated(exchanges, ANSWER_STREAM_BYTES));
        sum = saturatedSum(sum, saturated(providerConnections(config, exchanges), providerBytes(limits)));
        if (config.providers().values().stream().anyMatch(DirectMemory::mayBeHttp2)) {
            sum = saturatedSum(sum, saturated(exchanges, streamBytes(limits)));
        }
        sum = saturatedSum(sum, loops * LOOP_BYTES + ADMIN_BYTES);
        if (sum > UNBOUNDED / 2) {
            return UNBOUNDED;
        }
        sum += sum / 4;
        return (sum + MIB - 1) / MIB * MIB;
    }

    /** Where they share no budget, of each: its body and what it is translated into, or then its answer. */
    private static long heldBytes(LimitsConfig limits, long exchanges) {
        if (limits.heldTotalBytes() > 0) {
            return limits.heldTotalBytes();
        }
        if (limits.bodyBytes() == 0) {
            return UNBOUNDED;
        }
        long each = Math.max(limits.heldBodyBytes(), saturated(2, limits.bodyBytes()));
        return saturated(exchanges, saturatedSum(Math.max(each, WHOLE_ANSWER_BYTES), READ_BYTES));
    }

    /** Of one client: answers that it does not take, with the read that crossed the mark, and bytes not used yet. */
    private static long clientBytes(LimitsConfig limits) {
        long answer = limits.streamBufferBytes() + READ_BYTES + CHUNK_LINES_BYTES + limits.headerBytes();
        return answer + HEAD_EXTRA_BYTES + PIPELINED_BYTES + READ_BYTES;
    }

    /** Of one connection to a provider: what it does not take, with the read that crossed the mark. */
    private static long providerBytes(LimitsConfig limits) {
        return limits.streamBufferBytes() + READ_BYTES + limits.headerBytes() + HEAD_EXTRA_BYTES;
    }

    private static boolean mayBeHttp2(ProviderConfig provider) {
        return switch (provider.http()) {
            case HTTP_1_1 -> false;
            case HTTP_2, H2C -> true;
            case AUTO -> provider.tls() != null;
        };
    }

    /** Of one stream: what its provider may send ahead of a slow client, and the read that crossed its own window. */
    private static long streamBytes(LimitsConfig limits) {
        ConnectionSettings settings =
                ConnectionSettings.of(limits.headerBytes(), limits.headerFields(), limits.streamBufferBytes());
        return settings.streamWindowBytes() + READ_BYTES + HEAD_EXTRA_BYTES;
    }

    /** As many as the pools allow; providers that are reached alike share one, which only makes it fewer. */
    private static long providerConnections(SlipstreamConfig config, long exchanges) {
        long connections = 0;
        for (ProviderConfig provider : config.providers().values()) {
            PoolConfig pool = provider.pool();
            if (pool.maxConnections() == 0) {
                return exchanges;
            }
            connections += pool.maxConnections();
        }
        return Math.min(connections, exchanges);
    }

    private static long saturated(long count, long bytes) {
        return bytes > 0 && count > UNBOUNDED / bytes ? UNBOUNDED : count * bytes;
    }

    private static long saturatedSum(long a, long b) {
        return a > UNBOUNDED - b ? UNBOUNDED : a + b;
    }
}
