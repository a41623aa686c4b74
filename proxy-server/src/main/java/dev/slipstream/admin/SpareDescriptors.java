package dev.slipstream.admin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Descriptors held for the moment in which the process has no other left: given up, they let the admin listener accept a
 * connection, and answer it. Made by the thread that starts the listener, then confined to its loop, but for {@link
 * #isWhole()}.
 */
final class SpareDescriptors {
    /** One for the connection, the others for what an answer reads. */
    private static final int HELD = 8;

    private static final Path NOTHING = Path.of("/dev/null");

    private final Deque<FileChannel> held = new ArrayDeque<>(HELD);
    private int wanted = HELD;
    private volatile boolean whole = true;

    SpareDescriptors() {
        refill();
        // Where there is no such file, or no descriptor from the start, none are asked for again.
        wanted = held.size();
        whole = true;
    }

    /** Takes as many as are missing, or as there are to be had. */
    void refill() {
        try {
            while (held.size() < wanted) {
                held.add(FileChannel.open(NOTHING, StandardOpenOption.READ));
            }
            whole = true;
        } catch (IOException noneLeft) {
            // Asked for again a moment later.
        }
    }

    /** Gives all of them up; false where there was none. */
    boolean release() {
        if (held.isEmpty()) {
            return false;
        }
        whole = false;
        for (FileChannel each = held.poll(); each != null; each = held.poll()) {
            try {
                each.close();
            } catch (IOException e) {
                throw new IllegalStateException("/dev/null does not close", e);
            }
        }
        return true;
    }

    /** Whether none is missing. Any thread. */
    boolean isWhole() {
        return whole;
    }
}
