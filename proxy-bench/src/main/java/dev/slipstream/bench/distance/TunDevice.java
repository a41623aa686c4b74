package dev.slipstream.bench.distance;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A network interface whose other end is this process: it reads the IP packets that are sent over the interface, and what
 * it writes arrives there. It exists until it is closed or the process ends, however that ends. Reading is for one
 * thread, writing for one; {@link #close} only when both have ended.
 */
final class TunDevice implements AutoCloseable {
    /** Bytes of the longest packet: that of Ethernet. */
    static final int MTU = 1500;

    /** What {@link #read} gives while there is no packet. */
    static final int NONE = 0;

    private static final String CLONE_DEVICE = "/dev/net/tun";
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TUN_NO_PI = 0x1001;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;

    private final int fd;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TunDevice(int fd) {
        this.fd = fd;
    }

    /** Why there can be none here: no Linux, no root, no device. Empty if nothing is known to prevent it. */
    static String obstacle() {
        Path device = Path.of(CLONE_DEVICE);
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return "TUN devices and network namespaces need Linux";
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            return "network namespaces need root";
        }
        return Files.exists(device) ? "" : device + " does not exist";
    }

    /**
     * Makes one in the network namespace of the calling thread; it has no address and is not up.
     *
     * @param name at most 15 characters, not taken in that namespace
     * @throws IOException without the rights, or where the name is taken
     */
    static TunDevice open(String name) throws IOException {
        int fd = LibC.open(CLONE_DEVICE, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC);
        if (fd < 0) {
            throw LibC.failed("cannot open " + CLONE_DEVICE);
        }
        try (Memory request = new Memory(IFREQ_BYTES)) {
            request.clear();
            request.setString(0, name);
            request.setShort(IFREQ_FLAGS, IFF_TUN_NO_PI);
            if (LibC.ioctl(fd, TUNSETIFF, request) != 0) {
                IOException failure = LibC.failed("cannot make the TUN device " + name);
                LibC.close(fd);
                throw failure;
            }
        }
        return new TunDevice(fd);
    }

    LibC.ReadableWait readableWait() {
        return new LibC.ReadableWait(fd);
    }

    /**
     * One packet; does not wait.
     *
     * @param into room for {@link #MTU} bytes
     * @return its bytes, or {@link #NONE}
     * @throws IOException if the device is gone
     */
    int read(Pointer into) throws IOException {
        long read = LibC.read(fd, into, MTU);
        if (read < 0) {
            int error = LibC.lastError();
            if (error == LibC.EAGAIN || error == LibC.EINTR) {
                return NONE;
            }
            throw new IOException("cannot read from the TUN device: error " + error);
        }
        return (int) read;
    }

    /** @return whether the packet was taken; one that is not is lost, as on any network */
    boolean write(Pointer from, int bytes) {
        return LibC.write(fd, from, bytes) == bytes;
    }

    /** Removes the interface. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            LibC.close(fd);
        }
    }
}
