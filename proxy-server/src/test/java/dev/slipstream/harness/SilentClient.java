package dev.slipstream.harness;

import dev.slipstream.exchange.ClientStream;
import dev.slipstream.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;

/** A client that is only there: it takes everything and says nothing. */
public final class SilentClient implements ClientStream {
    @Override
    public void writeContinue() {}

    @Override
    public void writeHead(ResponseHead head) {}

    @Override
    public void writeBody(ByteBuf data) {
        data.release();
    }

    @Override
    public void writeEnd() {}

    @Override
    public void drop() {
        abort();
    }

    @Override
    public boolean flushNow() {
        return true;
    }

    @Override
    public void abort() {}

    @Override
    public InetAddress remoteAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void onRequestPauseChanged() {}
}
