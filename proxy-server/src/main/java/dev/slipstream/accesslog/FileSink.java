package dev.slipstream.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file that is appended to. Created with the mode 0640, less the umask. */
final class FileSink implements LogSink {
    private static final int BATCH_BYTES = 64 * 1024;
    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path path;
    private @Nullable FileChannel channel;

    FileSink(Path path) {
        this.path = path;
    }

    @Override
    public void open() throws IOException {
        FileChannel opened;
        try {
            opened = FileChannel.open(
                    path, APPEND, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        } catch (UnsupportedOperationException noSuchPermissions) {
            opened = FileChannel.open(path, APPEND);
        }
        FileChannel before = channel;
        channel = opened;
        if (before != null) {
            before.close();
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        FileChannel here = channel;
        if (here == null) {
            throw new IOException("not open");
        }
        here.write(bytes);
    }

    @Override
    public int batchBytes() {
        return BATCH_BYTES;
    }

    @Override
    public void close() throws IOException {
        FileChannel here = channel;
        channel = null;
        if (here != null) {
            here.close();
        }
    }
}
