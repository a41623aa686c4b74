package dev.slipstream.boot;

import java.lang.management.ManagementFactory;

/** How many bytes of heap a thread has allocated: what the garbage of a loop is measured by. Read from the outside. */
final class ThreadAllocation {
    private static final long NOT_TOLD = -1;

    private ThreadAllocation() {}

    /** Bytes since the start of the thread of this id; -1 where the JVM does not tell. */
    static long bytesOf(long threadId) {
        return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
                ? threads.getThreadAllocatedBytes(threadId)
                : NOT_TOLD;
    }
}
