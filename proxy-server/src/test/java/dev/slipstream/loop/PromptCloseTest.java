package dev.slipstream.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import org.junit.jupiter.api.Test;

/** The end of a socket of io_uring, as far as it can be seen without one. */
class PromptCloseTest {
    @Test
    void aFailedWriteClosesTheSocketAndIsNoFailureOfOurs() {
        EmbeddedChannel channel = new EmbeddedChannel(new PromptClose());
        assertEquals(1, PromptClose.open());
        assertTrue(channel.isOpen());
        // What Netty tells where a write fails and autoClose is off.
        channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
        assertFalse(channel.isOpen());
        channel.checkException();
        channel.finishAndReleaseAll();
        assertEquals(0, PromptClose.open());
    }
}
