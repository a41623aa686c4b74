package dev.slipstream.admin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Descriptors held for the moment in which the process has no other left: given up, they let the admin listener accept a
 * connection, and answer it. One thread at a time: the one that starts the listener, then its loop.
 */
final class SpareDescriptors {
    /** One for the connection, the others for what an answer reads. */
    static final int HELD = 8;

    private static final Path NOTHING = Path.of("/dev/null");

    private final Deque<FileChannel> held = new ArrayDeque<>(HELD);

    /** Takes as many as are missing, or as there are to be had. */
    void refill() {
        try {
            while (held.size() < HELD) {
                held.add(FileChannel.open(NOTHING, StandardOpenOption.READ));
            }
        } catch (IOException noneLeft) {
            // Asked for again when the next connection is gone.
        }
    }

    /** Gives all of them up; false where there was none. */
    boolean release() {
        boolean any = !held.isEmpty();
        for (FileChannel each = held.poll(); each != null; each = held.poll()) {
            try {
                each.close();
            } catch (IOException e) {
                throw new IllegalStateException("/dev/null does not close", e);
            }
        }
        return any;
    }
}
