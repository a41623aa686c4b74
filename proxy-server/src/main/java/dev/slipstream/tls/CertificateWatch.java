package dev.slipstream.tls;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at files from time to time, on a thread of its own, and tells when one has changed. */
final class CertificateWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    /** How a file is known again; links are followed, for that is how a renewed certificate is often put in place. */
    private record Seen(
            long modifiedMillis, long size, @Nullable Object identity) {}

    private final List<String> files;
    private final Runnable onChange;
    private final ScheduledThreadPoolExecutor looking =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("slipstream-certificates", true));
    /** A file that is not there has no entry. Written by the one that made this, then by the thread. */
    private Map<String, Seen> before;

    /** The files as they are now count as known. */
    CertificateWatch(List<String> files, Runnable onChange) {
        this.files = List.copyOf(files);
        this.onChange = onChange;
        this.before = look();
    }

    /** Begins to look, every {@code everyNanos}. */
    void start(long everyNanos) {
        looking.scheduleWithFixedDelay(this::compare, everyNanos, everyNanos, TimeUnit.NANOSECONDS);
    }

    private void compare() {
        try {
            Map<String, Seen> now = look();
            if (!now.equals(before)) {
                before = now;
                onChange.run();
            }
        } catch (RuntimeException e) {
            // A repeated task that throws is not run again.
            LOG.error("a bug; the certificates are looked at again", e);
        }
    }

    private Map<String, Seen> look() {
        Map<String, Seen> seen = new HashMap<>();
        for (String file : files) {
            try {
                BasicFileAttributes now = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
                seen.put(file, new Seen(now.lastModifiedTime().toMillis(), now.size(), now.fileKey()));
            } catch (IOException | InvalidPathException absent) {
                // Told when it is read.
            }
        }
        return seen;
    }

    /** Nothing is told any more, but for what is being told. */
    @Override
    public void close() {
        looking.shutdownNow();
    }
}
