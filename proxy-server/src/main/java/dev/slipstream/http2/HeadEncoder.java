package dev.slipstream.http2;

import dev.slipstream.codec.hpack.HpackWriter;
import dev.slipstream.codec.hpack.HpackWriter.Indexing;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/**
 * The writing of heads on one connection by our own {@link HpackWriter}: its table, and what the peer's SETTINGS ask for.
 * Confined to its connection.
 */
public abstract class HeadEncoder implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {
    private static final int MAX_DIGITS = 20;

    private final HpackWriter hpack = new HpackWriter();
    private final byte[] digits = new byte[MAX_DIGITS];
    private long maxListBytes = Long.MAX_VALUE;

    protected final HpackWriter hpack() {
        return hpack;
    }

    /** Writes a field whose value is {@code number}, which is not negative; the name in lower case. */
    protected final void number(ByteBuf out, byte[] name, long number, Indexing indexing) {
        int at = digits.length;
        long rest = number;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        hpack.field(out, name, 0, name.length, digits, at, digits.length, indexing);
    }

    @Override
    public final Configuration configuration() {
        return this;
    }

    @Override
    public final void maxHeaderTableSize(long max) {
        hpack.setMaxTableBytes(max);
    }

    @Override
    public final long maxHeaderTableSize() {
        return hpack.maxTableBytes();
    }

    @Override
    public final void maxHeaderListSize(long max) {
        maxListBytes = max;
    }

    @Override
    public final long maxHeaderListSize() {
        return maxListBytes;
    }
}
