package dev.slipstream.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.failure.FailureKind;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A request without a body, and how it ended: exactly once, or its count tells. */
class TestRequest implements StreamRequester, UpstreamListener {
    private static final byte[] PATH = "/".getBytes(US_ASCII);

    final AtomicInteger ends = new AtomicInteger();
    volatile @Nullable FailureKind failure;
    volatile @Nullable UpstreamStream stream;
    volatile boolean reused;
    volatile boolean given;
    volatile boolean pausesAtData;

    /** It is over; on its loop. */
    void onEnd() {}

    private void end(@Nullable FailureKind kind) {
        failure = kind;
        ends.incrementAndGet();
        onEnd();
    }

    @Override
    public void onStream(UpstreamStream stream, boolean reused) {
        this.stream = stream;
        this.reused = reused;
        given = true;
        stream.listen(this);
        UpstreamHead head = new UpstreamHead();
        head.appendPath(PATH, 0, PATH.length);
        head.setContentLength(0);
        stream.writeHead(head);
        stream.writeEnd();
    }

    @Override
    public void onNoStream(FailureKind kind, String detail) {
        end(kind);
    }

    @Override
    public void onUpstreamHead(FlatHead head, BodyFraming framing) {}

    @Override
    public void onUpstreamData(ByteBuf data) {
        data.release();
        UpstreamStream here = stream;
        if (pausesAtData && here != null) {
            here.setReadPaused(true);
        }
    }

    @Override
    public void onUpstreamEnd() {
        end(null);
    }

    @Override
    public void onUpstreamFailure(FailureKind kind, String detail) {
        end(kind);
    }

    @Override
    public void onUpstreamWritability(boolean writable) {}

    /** Gives up, as a client that leaves does; on its loop. */
    void giveUp(UpstreamPool pool) {
        if (ends.get() > 0) {
            return;
        }
        UpstreamStream here = stream;
        if (here == null) {
            pool.withdraw(this);
        } else {
            here.cancel();
        }
        end(FailureKind.CLIENT_LEFT);
    }
}
