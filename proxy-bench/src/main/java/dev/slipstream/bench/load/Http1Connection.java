package dev.slipstream.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/** One request at a time, each a write of bytes that were encoded before. */
final class Http1Connection extends LoadConnection implements Http1Answers.Listener {
    private final LoadWorker worker;
    private final boolean secure;
    private final Http1Answers answers = new Http1Answers(this);
    private final Handler handler = new Handler();
    private @Nullable ChannelHandlerContext context;
    private @Nullable LoadCall call;
    private boolean ready;
    /** Behind the last answer: no further call may find it. */
    private boolean closing;

    private boolean gone;
    private long nowNanos;

    Http1Connection(LoadWorker worker, boolean secure) {
        this.worker = worker;
        this.secure = secure;
    }

    @Override
    ChannelHandler handler() {
        return handler;
    }

    @Override
    boolean hasRoom() {
        return ready && !closing && !gone && call == null;
    }

    @Override
    void send(LoadCall call) {
        this.call = call;
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not open");
        }
        ctx.writeAndFlush(worker.encoded(call).http1().retainedDuplicate(), ctx.voidPromise());
    }

    @Override
    void timeOut(long dueBeforeNanos) {
        LoadCall late = call != null ? call : first();
        if (late != null && late.dueNanos() - dueBeforeNanos < 0) {
            end(Outcome.TIMED_OUT);
        }
    }

    @Override
    void onConnectFailed() {
        end(Outcome.CONNECT_FAILED);
    }

    @Override
    void close() {
        end(Outcome.BROKEN);
    }

    @Override
    public void onHead(int status) {
        if (call != null) {
            call.onHead(status, nowNanos);
        }
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        if (call != null) {
            call.onBody(in, length, nowNanos, worker.scratch(), worker.results());
        }
    }

    @Override
    public void onEnd() {
        LoadCall done = call;
        call = null;
        if (done == null) {
            // An answer that nobody asked for.
            end(Outcome.PROTOCOL);
            return;
        }
        boolean kept = answers.isKept() && !worker.isCold();
        if (!kept) {
            closing = true;
        }
        worker.onDone(done, done.outcome(), nowNanos);
        if (kept) {
            worker.onRoom(this);
        } else {
            end(Outcome.BROKEN);
        }
    }

    /** The one end: what is under way ends as {@code outcome}. Idempotent. */
    private void end(Outcome outcome) {
        if (gone) {
            return;
        }
        gone = true;
        LoadCall open = call != null ? call : takeFirst();
        call = null;
        if (context != null) {
            context.close();
        }
        if (open != null) {
            worker.onDone(open, outcome, System.nanoTime());
        }
        worker.onGone(this, ready);
    }

    private void becomeReady() {
        ready = true;
        worker.onReady(this);
    }

    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
            if (gone) {
                ctx.close();
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (!secure && !gone) {
                becomeReady();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent shaken && !gone) {
                if (shaken.isSuccess()) {
                    becomeReady();
                } else {
                    worker.onFailure(shaken.cause());
                    end(Outcome.CONNECT_FAILED);
                }
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                nowNanos = System.nanoTime();
                if (!gone && !answers.read(in)) {
                    end(Outcome.PROTOCOL);
                }
            } finally {
                in.release();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            nowNanos = System.nanoTime();
            if (!gone && !answers.onClose()) {
                end(ready ? Outcome.BROKEN : Outcome.CONNECT_FAILED);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            worker.onFailure(cause);
            end(ready ? Outcome.BROKEN : Outcome.CONNECT_FAILED);
        }
    }
}
