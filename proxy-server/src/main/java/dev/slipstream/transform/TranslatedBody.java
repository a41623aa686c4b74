package dev.slipstream.transform;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.translate.TranslatedRequest;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.OffLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request's body in the provider's dialect, or why there is none. Owner of its pieces until they are taken. */
public final class TranslatedBody {
    /** So that what a slow provider has taken can be given back while it takes the rest. */
    private static final int PIECE_BYTES = 64 * 1024;
    /** What is made on a loop is no more than these. */
    private static final int PIECES_AT_ONCE = 2;

    private final TranslatedRequest request;
    private final List<ByteBuf> pieces = new ArrayList<>(1);
    private long bytes;
    private @Nullable FailureKind failure;
    private String message = "";
    private boolean unchanged;

    TranslatedBody(TranslatedRequest request) {
        this.request = request;
    }

    /** There is none: the client is told {@code message}. */
    TranslatedBody failed(FailureKind kind, String message) {
        release();
        this.failure = kind;
        this.message = message;
        return this;
    }

    /** The client's own will do. */
    TranslatedBody unchanged() {
        unchanged = true;
        return this;
    }

    /** Whether the client's own will do. */
    public boolean isUnchanged() {
        return unchanged;
    }

    /**
     * Takes the document of {@code out}, noted ranges from {@code text}.
     *
     * @throws OutOfMemoryError where there is no direct memory for it; nothing is held then
     */
    TranslatedBody of(JsonOutput out, byte[] text, ByteBufAllocator allocator) {
        long left = out.documentBytes();
        bytes = left;
        try {
            int own = 0;
            for (int i = 0; i < out.noteCount(); i++) {
                left = write(out.bytes(), own, out.noteAt(i), left, allocator);
                own = out.noteAt(i);
                left = write(text, out.noteStart(i), out.noteEnd(i), left, allocator);
            }
            write(out.bytes(), own, out.length(), left, allocator);
        } catch (OutOfMemoryError e) {
            release();
            throw e;
        }
        return this;
    }

    private long write(byte[] from, int start, int end, long left, ByteBufAllocator allocator) {
        int at = start;
        long missing = left;
        while (at < end) {
            ByteBuf last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
            if (last == null || !last.isWritable()) {
                int capacity = (int) Math.min(PIECE_BYTES, missing);
                last = allocator.directBuffer(capacity, capacity);
                pieces.add(last);
            }
            int count = Math.min(end - at, last.writableBytes());
            last.writeBytes(from, at, count);
            at += count;
            missing -= count;
            if (pieces.size() > PIECES_AT_ONCE) {
                OffLoop.letLoopsRun();
            }
        }
        return missing;
    }

    /** What is remembered of the request. */
    public TranslatedRequest request() {
        return request;
    }

    /** Bytes of the body. */
    public long bytes() {
        return bytes;
    }

    /** Why there is none; null where there is. */
    public @Nullable FailureKind failure() {
        return failure;
    }

    /** What the client is told of the {@link #failure()}. */
    public String message() {
        return message;
    }

    /** Hands over the pieces, each owned by the taker. */
    public List<ByteBuf> takePieces() {
        List<ByteBuf> taken = new ArrayList<>(pieces);
        pieces.clear();
        return taken;
    }

    /** Gives back what was not taken. Idempotent. */
    void release() {
        for (ByteBuf piece : pieces) {
            piece.release();
        }
        pieces.clear();
    }
}
