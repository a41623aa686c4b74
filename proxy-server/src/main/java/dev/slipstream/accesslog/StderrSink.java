package dev.slipstream.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Standard error, which is the process's: neither opened nor closed here. */
final class StderrSink implements LogSink {
    /** What a pipe takes whole (POSIX's PIPE_BUF on Linux), so that no line of the other log stands inside of one. */
    private static final int BATCH_BYTES = 4096;

    @SuppressWarnings("resource") // closing it would close the process's standard error
    private final FileChannel channel = new FileOutputStream(FileDescriptor.err).getChannel();

    @Override
    public void open() {}

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
    }

    @Override
    public int batchBytes() {
        return BATCH_BYTES;
    }

    @Override
    public void close() {}
}
