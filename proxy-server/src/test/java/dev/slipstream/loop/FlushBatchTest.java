package dev.slipstream.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class FlushBatchTest {
    private final FlushBatch flushes = new FlushBatch();

    private static final class Counting extends ChannelOutboundHandlerAdapter {
        int count;
        Runnable then = () -> {};

        @Override
        public void flush(ChannelHandlerContext ctx) {
            count++;
            then.run();
            ctx.flush();
        }
    }

    private final Counting one = new Counting();
    private final Counting two = new Counting();
    private final FlushBatch.Writer first = behind(one)::flush;
    private final FlushBatch.Writer second = behind(two)::flush;

    /** A place in a pipeline whose flushes pass {@code counting}. */
    private static ChannelHandlerContext behind(Counting counting) {
        EmbeddedChannel channel = new EmbeddedChannel(counting);
        return channel.pipeline()
                .addLast("writer", new ChannelInboundHandlerAdapter())
                .context("writer");
    }

    @Test
    void outsideOfABatchEachWriteIsFlushedAtOnce() {
        flushes.written(first);
        flushes.written(first);
        assertEquals(2, one.count);
    }

    @Test
    void inABatchAChannelIsFlushedAtItsEnd() {
        flushes.begin();
        for (int i = 0; i < 10; i++) {
            flushes.written(first);
        }
        flushes.written(second);
        assertEquals(0, one.count + two.count);
        flushes.end();
        assertEquals(1, one.count);
        assertEquals(1, two.count);
        flushes.end();
        assertEquals(1, one.count);
    }

    @Test
    void aWriteFromWithinAFlushIsFlushedToo() {
        one.then = () -> {
            one.then = () -> {};
            flushes.written(second);
        };
        flushes.begin();
        flushes.written(first);
        flushes.end();
        assertEquals(1, two.count);
    }
}
