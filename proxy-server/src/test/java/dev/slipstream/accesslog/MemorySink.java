package dev.slipstream.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A sink whose room is the test's to give. */
final class MemorySink implements LogSink {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final int batchBytes;
    int room = Integer.MAX_VALUE;
    int opened;
    int refusals;

    MemorySink(int batchBytes) {
        this.batchBytes = batchBytes;
    }

    @Override
    public void open() {
        opened++;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        if (room == 0) {
            refusals++;
            throw new IOException("No space left on device");
        }
        int take = Math.min(room, bytes.remaining());
        for (int i = 0; i < take; i++) {
            written.write(bytes.get());
        }
        room -= take;
    }

    @Override
    public int batchBytes() {
        return batchBytes;
    }

    @Override
    public void close() {}

    String text() {
        return written.toString(US_ASCII);
    }

    /** Forgets what was written. */
    void clear() {
        written.reset();
    }
}
