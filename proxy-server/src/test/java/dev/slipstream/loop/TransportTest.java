package dev.slipstream.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.TransportKind;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("jdk25")
class TransportTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void onLinuxEpollLoadsAndIsChosen() {
        assertTrue(Epoll.isAvailable(), () -> String.valueOf(Epoll.unavailabilityCause()));
        assertEquals(Transport.EPOLL, Transport.choose(TransportKind.AUTO));
        assertEquals(Transport.EPOLL, Transport.choose(TransportKind.EPOLL));
    }

    @Test
    void nioIsAlwaysThere() {
        Transport nio = Transport.choose(TransportKind.NIO);
        assertEquals("nio", nio.label());
        EventLoopGroup group = nio.newGroup(2, new DefaultThreadFactory("test", true));
        assertTrue(group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10_000));
    }
}
