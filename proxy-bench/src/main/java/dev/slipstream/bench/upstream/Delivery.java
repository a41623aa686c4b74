package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one {@link Answer}. Confined to the loop of its stream.
 *
 * <p><b>Flow control.</b> Nothing is produced while the stream is not writable; {@link #onWritable()} goes on.
 * A producer that fell behind its gaps does not catch up in a burst: the next token is due one gap after the
 * later of its predecessor's due time and now.
 *
 * <p><b>End.</b> Exactly one of {@link AnswerStream#end}, {@link AnswerStream#data} with {@code last} and {@link
 * AnswerStream#breakOff} is called, as the last call, unless {@link #cancel()} came first.
 */
final class Delivery {
    /** After so many pieces without a pause the other streams of the loop have their turn. */
    private static final int PIECES_PER_TURN = 32;

    private final AnswerStream stream;
    private final Answer answer;
    private final ProviderCounters counters;
    /** One callback for all waits, so that a token costs no lambda. */
    private final Runnable resume = this::onDue;

    private boolean done;
    private boolean waiting;
    /** A flush may tell of writability while it is under way; the loop in {@link #pump} looks for itself. */
    private boolean pumping;

    private boolean gapPassed;
    private boolean headSent;
    private int piecesSent;
    private long dueNanos;
    private @Nullable ScheduledFuture<?> timer;

    Delivery(AnswerStream stream, Answer answer, ProviderCounters counters) {
        this.stream = stream;
        this.answer = answer;
        this.counters = counters;
    }

    void start() {
        dueNanos = System.nanoTime();
        if (!answer.fault().isEmpty()) {
            counters.onFault(answer.fault());
        }
        if (answer.firstDelayNanos() == 0) {
            pump();
        } else {
            await(answer.firstDelayNanos());
        }
    }

    void onWritable() {
        if (!waiting && !pumping) {
            pump();
        }
    }

    /** The client left. */
    void cancel() {
        done = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void await(long nanos) {
        dueNanos += nanos;
        waiting = true;
        timer = stream.executor().schedule(resume, Math.max(0, dueNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void onDue() {
        waiting = false;
        gapPassed = true;
        pump();
    }

    private void pump() {
        pumping = true;
        try {
            pumpPieces();
        } finally {
            pumping = false;
        }
    }

    private void pumpPieces() {
        Pieces pieces = answer.pieces();
        for (int turn = 0; !done; turn++) {
            if (piecesSent >= answer.endAfter() && answer.ending() != Ending.COMPLETE) {
                end(answer.ending());
                return;
            }
            if (!pieces.hasNext()) {
                end(Ending.COMPLETE);
                return;
            }
            if (!stream.isWritable()) {
                if (headSent) {
                    return;
                }
                // HTTP/2 needs no credit for a head, and a client that gave none yet is to see it.
                sendHead();
                stream.flush();
                continue;
            }
            if (pieces.isPaced() && !gapPassed) {
                long gapNanos = answer.gapNanos().getAsLong();
                if (gapNanos > 0) {
                    long now = System.nanoTime();
                    if (now - dueNanos > gapNanos) {
                        dueNanos = now - gapNanos;
                    }
                    await(gapNanos);
                    return;
                }
            }
            if (turn == PIECES_PER_TURN) {
                waiting = true;
                stream.executor().execute(resume);
                return;
            }
            gapPassed = false;
            piecesSent++;
            send(pieces.next(stream.allocator()), isLast(pieces));
        }
    }

    /** A body of declared length ends with its last byte; a stream's end comes by itself, as with most providers. */
    private boolean isLast(Pieces pieces) {
        return answer.contentLengthBytes() >= 0 && answer.ending() == Ending.COMPLETE && !pieces.hasNext();
    }

    /** Consumes the piece. Its own chunk and its own flush: this is what a token looks like on the wire. */
    private void send(ByteBuf piece, boolean last) {
        sendHead();
        counters.onChunk();
        done |= last;
        stream.data(piece, last);
    }

    private void sendHead() {
        if (!headSent) {
            headSent = true;
            stream.head(answer);
        }
    }

    private void end(Ending ending) {
        if (ending != Ending.COMPLETE) {
            counters.onFault(ending.label());
        }
        switch (ending) {
            case COMPLETE, TRUNCATE -> endWell();
            case ERROR_EVENT -> {
                send(ByteBufUtil.writeUtf8(stream.allocator(), answer.errorEvent()), false);
                endWell();
            }
            case CLOSE, RESET, REFUSE -> breakOff(ending);
            case CUT -> {
                if (answer.pieces().hasNext()) {
                    ByteBuf piece = answer.pieces().next(stream.allocator());
                    send(piece.writerIndex(piece.writerIndex() / 2), false);
                }
                breakOff(Ending.CLOSE);
            }
            case STALL -> {
                // Stays the active delivery until the client leaves or the provider closes.
                waiting = true;
                if (headSent) {
                    stream.flush();
                }
            }
        }
    }

    /** A write may have found that the client left: then there is no one to end it to. */
    private void endWell() {
        if (!done) {
            sendHead();
            done = true;
            stream.end();
        }
    }

    private void breakOff(Ending how) {
        if (!done) {
            done = true;
            stream.breakOff(how);
        }
    }
}
