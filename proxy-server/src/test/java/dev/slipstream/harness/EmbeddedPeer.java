package dev.slipstream.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The other end of a connection of an {@link EmbeddedProxy}: sends bytes into it, and reads what comes out of it. */
public final class EmbeddedPeer {
    private final EmbeddedProxy proxy;
    private final EmbeddedChannel channel;
    private final String host;
    private final List<long[]> sentRanges = new ArrayList<>();
    private int room;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private int taken;

    EmbeddedPeer(EmbeddedProxy proxy, EmbeddedChannel channel, String host) {
        this.proxy = proxy;
        this.channel = channel;
        this.host = host;
    }

    /** The host that the connection was opened to. */
    public String host() {
        return host;
    }

    public EmbeddedChannel channel() {
        return channel;
    }

    /** Sends text, one byte a character, as one read. */
    public EmbeddedPeer send(String text) {
        return send(text.getBytes(ISO_8859_1));
    }

    /** Reads have {@code bytes} of room before them from here on, as those of provider connections have. */
    public EmbeddedPeer withRoomBefore(int bytes) {
        room = bytes;
        return this;
    }

    /** Sends bytes as one read. */
    public EmbeddedPeer send(byte[] bytes) {
        return send(bytes, 0, bytes.length);
    }

    /** Sends bytes as reads of {@code size} each. */
    public EmbeddedPeer sendInReadsOf(int size, byte[] bytes) {
        for (int from = 0; from < bytes.length; from += size) {
            send(bytes, from, Math.min(size, bytes.length - from));
        }
        return this;
    }

    /** Sends a part of {@code bytes} as one read. */
    public EmbeddedPeer send(byte[] bytes, int from, int length) {
        if (!channel.isOpen()) {
            return this;
        }
        ByteBuf in = proxy.allocator()
                .directBuffer(room + length)
                .setIndex(room, room)
                .writeBytes(bytes, from, length);
        long start = in.memoryAddress() + room;
        sentRanges.add(new long[] {start, start + length});
        channel.pipeline().fireChannelRead(in);
        channel.pipeline().fireChannelReadComplete();
        // A channel that was closed meanwhile has no pipeline left here; on a socket it has, until the loop's next
        // turn.
        proxy.endReadBatch();
        proxy.settle();
        return this;
    }

    /** What came since the last call. */
    public String received() {
        drain();
        byte[] all = received.toByteArray();
        String text = new String(all, taken, all.length - taken, ISO_8859_1);
        taken = all.length;
        return text;
    }

    /** All that ever came. */
    public byte[] allReceived() {
        drain();
        return received.toByteArray();
    }

    /** What came as the buffers that were written; the caller releases them. Not seen by {@link #received()}. */
    public List<ByteBuf> receivedBuffers() {
        List<ByteBuf> buffers = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            buffers.add(out);
        }
        return buffers;
    }

    /** Whether {@code address} lies in memory that a read of this peer's bytes filled. */
    public boolean wasReadInto(long address) {
        return sentRanges.stream().anyMatch(range -> address >= range[0] && address < range[1]);
    }

    private void drain() {
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            try {
                byte[] bytes = new byte[out.readableBytes()];
                out.readBytes(bytes);
                received.writeBytes(bytes);
            } finally {
                out.release();
            }
        }
    }

    public boolean isOpen() {
        return channel.isOpen();
    }

    /** Whether the proxy reads from this connection now. */
    public boolean isRead() {
        return channel.config().isAutoRead();
    }

    /** Takes nothing that is written from here on, as a peer does whose buffers are full. */
    public void stopTaking() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        proxy.settle();
    }

    public void takeAgain() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        proxy.settle();
    }

    /** Ends the connection from this end. */
    public void leave() {
        channel.close();
        proxy.settle();
    }

    void runTasks() {
        channel.runPendingTasks();
    }

    void close() {
        channel.close();
        channel.runPendingTasks();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            out.release();
        }
        channel.checkException();
    }
}
