package dev.slipstream.transform;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.translate.ProviderError;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A provider's answer of an error status: it always {@linkplain Progress#FAILED fails}, at its end, with what the
 * provider said. Of the body the first {@value #MAX_BYTES} bytes are read.
 */
class TranslatedError implements AnswerTransform {
    static final int MAX_BYTES = 64 * 1024;

    private final int status;
    private final ProviderError error = new ProviderError();
    private byte[] body = new byte[512];
    private int length;

    TranslatedError(int status) {
        this.status = status;
    }

    @Override
    public Progress onData(ByteBuf data, JsonOutput out) {
        int count = Math.min(data.readableBytes(), MAX_BYTES - length);
        if (length + count > body.length) {
            body = Arrays.copyOf(body, Math.max(length + count, Math.min(MAX_BYTES, body.length * 2)));
        }
        data.getBytes(data.readerIndex(), body, length, count);
        length += count;
        data.release();
        return Progress.MORE;
    }

    @Override
    public Progress onEnd(JsonOutput out) {
        error.read(status, body, 0, length);
        return Progress.FAILED;
    }

    /** What came of the body; {@link #length()} bytes. */
    final byte[] body() {
        return body;
    }

    final int length() {
        return length;
    }

    @Override
    public boolean isEvents() {
        return false;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public ProviderError error() {
        return error;
    }

    @Override
    public void fail(ProviderError error, String requestId, JsonOutput out) {
        throw new IllegalStateException("nothing has begun");
    }

    @Override
    public void release() {}
}
