package dev.slipstream.bench.distance;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;

/** The system calls of Linux (64 bits) that the JDK does not offer. Loaded at the first use. */
final class LibC {
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int EINTR = 4;
    static final int EAGAIN = 11;

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_PRIORITY = 10;
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int TIMESPEC_BYTES = 16;
    private static final int TIMESPEC_NANOS = 8;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    static {
        Native.register(LibC.class, Platform.C_LIBRARY_NAME);
    }

    private LibC() {}

    static native int open(String path, int flags);

    static native int close(int fd);

    static native int ioctl(int fd, long request, Pointer argument);

    static native long read(int fd, Pointer into, long bytes);

    static native long write(int fd, Pointer from, long bytes);

    private static native int ppoll(Pointer fds, long count, Pointer timeout, Pointer signals);

    private static native int setns(int fd, int type);

    private static native int prctl(int option, long a, long b, long c, long d);

    private static native int sched_setscheduler(int thread, int policy, Pointer parameters);

    /** The number of the last error of this thread. */
    static int lastError() {
        return Native.getLastError();
    }

    /** For a call that failed on this thread. */
    static IOException failed(String what) {
        return new IOException(what + ": error " + lastError() + " of the system");
    }

    /** Takes the calling thread, and the sockets and devices it will open, into a network namespace, for good. */
    static void enterNamespace(String name) throws IOException {
        int fd = open("/run/netns/" + name, O_CLOEXEC);
        if (fd < 0) {
            throw failed("no network namespace '" + name + "'");
        }
        int result = setns(fd, CLONE_NEWNET);
        int error = lastError();
        close(fd);
        if (result != 0) {
            throw new IOException("cannot enter the network namespace '" + name + "': error " + error);
        }
    }

    /**
     * The calling thread runs before all ordinary ones, and its waits end when they should, not up to 50 µs later. Should
     * either be refused, packets are later, and the link reports it as lateness.
     */
    static void runExactly() {
        prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
        try (Memory priority = new Memory(Integer.BYTES)) {
            priority.setInt(0, SCHED_PRIORITY);
            sched_setscheduler(0, SCHED_FIFO, priority);
        }
    }

    /** Waits for bytes to read, with a limit in nanoseconds. One thread. */
    static final class ReadableWait {
        private final Memory fds = new Memory(POLLFD_BYTES);
        private final Memory timeout = new Memory(TIMESPEC_BYTES);

        ReadableWait(int fd) {
            fds.clear();
            fds.setInt(0, fd);
            fds.setShort(POLLFD_EVENTS, POLLIN);
        }

        /** @param alsoForBytes whether bytes to read end it too, or the time alone */
        void await(long nanos, boolean alsoForBytes) {
            timeout.setLong(0, nanos / NANOS_PER_SECOND);
            timeout.setLong(TIMESPEC_NANOS, nanos % NANOS_PER_SECOND);
            // An error is an early return; the caller looks again.
            ppoll(fds, alsoForBytes ? 1 : 0, timeout, Pointer.NULL);
        }
    }
}
