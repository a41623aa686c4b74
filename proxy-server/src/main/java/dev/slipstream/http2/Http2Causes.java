package dev.slipstream.http2;

import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/** What is to be read from an exception of the codec's. */
public final class Http2Causes {
    private Http2Causes() {}

    /** Whether the codec's own exception is among the causes, so that the codec knows how to end what failed. */
    public static boolean isHttp2(Throwable failure) {
        @Nullable Throwable each = failure;
        while (each != null && !(each instanceof Http2Exception)) {
            each = each.getCause();
        }
        return each != null;
    }
}
