package dev.slipstream.bench.distance;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Joins two network namespaces: each has the device {@value #DEVICE}, and a packet that is sent over one arrives at the
 * other a constant time later. Nothing is dropped on purpose, reordered or gathered.
 *
 * <p><b>Bounds.</b> {@value #CAPACITY} packets in flight for each direction; with packets of 1500 bytes and 20 ms that is
 * 600 MB/s. Beyond it packets wait in the device's queue of {@value #QUEUE_PACKETS}, and the kernel drops what that does
 * not hold. {@link Figures#full()} tells whether it came to this.
 *
 * <p><b>Exactness.</b> A packet is late by the time its thread needs to wake and write; {@link Figures} has the greatest
 * lateness and how many packets were late by more than a millisecond. Both threads run with real-time priority, so that a
 * busy machine does not delay packets further.
 */
public final class DelayedLink implements AutoCloseable {
    /** The name of both devices. */
    public static final String DEVICE = "distance";

    /** The address of the near side; the far side's follow it. */
    public static final String NEAR_ADDRESS = "198.18.0.1";

    static final int CAPACITY = 8192;
    static final int QUEUE_PACKETS = 8192;
    static final long LATE_NANOS = 1_000_000L;

    private static final String NETWORK = "198.18.0.";
    private static final int FIRST_FAR = 2;
    private static final int MAX_FAR = 200;
    private static final int SLOT_BYTES = 2048;
    /** A processor that sleeps needs about this long to wake: the last part of a wait is spent awake. */
    private static final long AWAKE_NANOS = 200_000L;

    private static final long LONGEST_WAIT_NANOS = 50_000_000L;
    private static final long CLOSE_SECONDS = 5;

    /**
     * What one direction did.
     *
     * @param packets passed on, of {@code bytes} bytes
     * @param lost not taken by the device of the other side
     * @param full how often no more could be taken from the device of this side
     * @param late passed on more than 1 ms after their time
     * @param latestNanos the greatest lateness
     */
    public record Figures(long packets, long bytes, long lost, long full, long late, long latestNanos) {
        @Override
        public String toString() {
            return packets + " packets, " + bytes + " bytes, " + lost + " lost, " + full + " times full, " + late
                    + " late by more than 1 ms, the latest by " + latestNanos / 1000 + " us";
        }
    }

    private final TunDevice near;
    private final TunDevice far;
    private final Direction outward;
    private final Direction homeward;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DelayedLink(TunDevice near, TunDevice far, long delayNanos) {
        this.near = near;
        this.far = far;
        this.outward = new Direction("near to far", near, far, delayNanos);
        this.homeward = new Direction("far to near", far, near, delayNanos);
    }

    /**
     * Makes both devices with their addresses and begins to pass packets on. The namespaces must exist (see {@code ip netns
     * add}) and have no device of this name.
     *
     * @param oneWayNanos the delay of each direction
     * @param farAddresses how many addresses the far side has, 1 to {@value #MAX_FAR}; see {@link #farAddress}
     * @throws IOException without the rights, or if a namespace is missing; nothing is left then
     */
    public static DelayedLink open(String nearNamespace, String farNamespace, long oneWayNanos, int farAddresses)
            throws IOException {
        if (farAddresses < 1 || farAddresses > MAX_FAR) {
            throw new IllegalArgumentException(farAddresses + " addresses");
        }
        TunDevice near = openIn(nearNamespace);
        TunDevice far;
        try {
            far = openIn(farNamespace);
        } catch (IOException e) {
            near.close();
            throw e;
        }
        DelayedLink link = new DelayedLink(near, far, oneWayNanos);
        try {
            configure(nearNamespace, List.of(NEAR_ADDRESS));
            List<String> addresses = new ArrayList<>();
            for (int i = 0; i < farAddresses; i++) {
                addresses.add(farAddress(i));
            }
            configure(farNamespace, addresses);
        } catch (IOException e) {
            link.close();
            throw e;
        }
        link.outward.thread.start();
        link.homeward.thread.start();
        return link;
    }

    /** The far side's address of this index, from 0. */
    public static String farAddress(int index) {
        return NETWORK + (FIRST_FAR + index);
    }

    public Figures outward() {
        return outward.figures();
    }

    public Figures homeward() {
        return homeward.figures();
    }

    /** Ends both threads, waiting for them, and removes the devices. Packets in flight are lost. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean outwardEnded = outward.end();
        boolean homewardEnded = homeward.end();
        // A thread that does not end keeps its devices: they go with the process.
        if (outwardEnded && homewardEnded) {
            near.close();
            far.close();
        }
    }

    private static void configure(String namespace, List<String> addresses) throws IOException {
        for (String address : addresses) {
            Ip.run("-n", namespace, "address", "add", address + "/24", "dev", DEVICE);
        }
        Ip.run(
                "-n",
                namespace,
                "link",
                "set",
                DEVICE,
                "mtu",
                Integer.toString(TunDevice.MTU),
                "txqueuelen",
                Integer.toString(QUEUE_PACKETS),
                "up");
    }

    /** A device belongs to the namespace of the thread that makes it; that thread is one for this purpose alone. */
    private static TunDevice openIn(String namespace) throws IOException {
        return InNamespace.call(namespace, () -> TunDevice.open(DEVICE));
    }

    /** One direction. Its thread alone touches its line and slots. */
    private static final class Direction implements Runnable {
        final Thread thread;
        private final TunDevice from;
        private final TunDevice to;
        private final DelayLine line;
        private final Memory memory = new Memory((long) CAPACITY * SLOT_BYTES);
        private final Pointer[] slots = new Pointer[CAPACITY];
        private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        private volatile boolean ended;

        // One writer, read by others.
        private final AtomicLong packets = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong lost = new AtomicLong();
        private final AtomicLong full = new AtomicLong();
        private final AtomicLong late = new AtomicLong();
        private final AtomicLong latestNanos = new AtomicLong();

        Direction(String name, TunDevice from, TunDevice to, long delayNanos) {
            this.from = from;
            this.to = to;
            this.line = new DelayLine(CAPACITY, delayNanos);
            for (int i = 0; i < CAPACITY; i++) {
                slots[i] = memory.share((long) i * SLOT_BYTES, SLOT_BYTES);
            }
            this.thread = new Thread(this, "distance, " + name);
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            LibC.runExactly();
            LibC.ReadableWait wait = from.readableWait();
            try {
                while (!ended) {
                    sendDue();
                    if (line.isFull()) {
                        add(full, 1);
                    } else if (take()) {
                        continue;
                    }
                    long nanos = Math.min(LONGEST_WAIT_NANOS, line.nanosUntilDue(System.nanoTime()) - AWAKE_NANOS);
                    if (nanos > 0) {
                        wait.await(nanos, !line.isFull());
                    }
                }
            } catch (IOException e) {
                failure.set(e);
            }
        }

        /** @return whether there was a packet */
        private boolean take() throws IOException {
            int read = from.read(slots[line.freeSlot()]);
            if (read == TunDevice.NONE) {
                return false;
            }
            line.add(read, System.nanoTime());
            return true;
        }

        private void sendDue() {
            long now = System.nanoTime();
            while (line.isDue(now)) {
                int length = line.headBytes();
                if (to.write(slots[line.headSlot()], length)) {
                    add(packets, 1);
                    add(bytes, length);
                } else {
                    add(lost, 1);
                }
                now = System.nanoTime();
                long lateness = now - line.headDueNanos();
                if (lateness > LATE_NANOS) {
                    add(late, 1);
                }
                if (lateness > latestNanos.get()) {
                    latestNanos.setRelease(lateness);
                }
                line.remove();
            }
        }

        private static void add(AtomicLong counter, long amount) {
            counter.setRelease(counter.get() + amount);
        }

        Figures figures() {
            return new Figures(packets.get(), bytes.get(), lost.get(), full.get(), late.get(), latestNanos.get());
        }

        /** @return whether its thread has ended */
        boolean end() {
            ended = true;
            try {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return !thread.isAlive();
        }
    }

    /** Why a direction stopped passing packets on; null while both do. */
    public @Nullable IOException failure() {
        IOException first = outward.failure.get();
        return first != null ? first : homeward.failure.get();
    }
}
