package dev.slipstream.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Hands bytes out in pieces, in buffers of every kind, and checks that whoever borrows them leaves them alone. */
public final class Pieces {
    /** Kinds of buffers. */
    public enum Kind {
        HEAP,
        DIRECT,
        COMPOSITE
    }

    /** Every kind, to take turns. */
    public static final List<Kind> KINDS = List.of(Kind.HEAP, Kind.DIRECT, Kind.COMPOSITE);

    /** Without leak detection, which costs more than the tests: every buffer is released where it is made. */
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true);

    private Pieces() {}

    public static void lend(byte[] bytes, int from, int to, Kind kind, Consumer<ByteBuf> borrower) {
        ByteBuf buffer = buffer(bytes, from, to, kind);
        try {
            borrower.accept(buffer);
            if (buffer.readerIndex() != 3 || buffer.readableBytes() != to - from || buffer.refCnt() != 1) {
                throw new AssertionError("a borrowed buffer was changed: " + buffer);
            }
        } finally {
            buffer.release();
        }
    }

    /** In random pieces of random kinds. */
    public static void shred(byte[] bytes, RandomGenerator random, Consumer<ByteBuf> borrower) {
        int at = 0;
        while (at < bytes.length) {
            int to = Math.min(bytes.length, at + random.nextInt(random.nextBoolean() ? 4 : 400));
            lend(bytes, at, to, KINDS.get(random.nextInt(3)), borrower);
            at = to;
        }
    }

    private static ByteBuf buffer(byte[] bytes, int from, int to, Kind kind) {
        byte[] padded = new byte[to - from + 3];
        // What lies around the readable bytes must not be read.
        Arrays.fill(padded, (byte) '\n');
        System.arraycopy(bytes, from, padded, 3, to - from);
        ByteBuf buffer = switch (kind) {
            case HEAP -> ALLOCATOR.heapBuffer().writeBytes(padded);
            case DIRECT -> ALLOCATOR.directBuffer().writeBytes(padded);
            case COMPOSITE -> {
                CompositeByteBuf composite = ALLOCATOR.compositeBuffer();
                int middle = padded.length / 2;
                composite.addComponent(true, ALLOCATOR.heapBuffer().writeBytes(padded, 0, middle));
                composite.addComponent(
                        true, ALLOCATOR.directBuffer().writeBytes(padded, middle, padded.length - middle));
                yield composite;
            }
        };
        return buffer.skipBytes(3);
    }
}
