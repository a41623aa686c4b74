package dev.slipstream.accesslog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the lines go. The writer's thread alone, but for the first {@link #open()}. */
interface LogSink extends Closeable {
    /** Opens it, or opens it anew where it is open; what was open stays so where that fails. */
    void open() throws IOException;

    /** Writes some of {@code bytes}, and moves its position behind what it has written. May block. */
    void write(ByteBuffer bytes) throws IOException;

    /** Bytes that may go in one write. */
    int batchBytes();
}
