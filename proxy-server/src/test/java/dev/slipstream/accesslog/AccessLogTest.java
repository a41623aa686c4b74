package dev.slipstream.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.ExchangeLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The log with its thread and a file. */
class AccessLogTest {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    @TempDir
    private Path directory = Path.of("");

    private final EndedExchange ended = new EndedExchange();

    @AfterEach
    void close() {
        ended.close();
    }

    private static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < LIMIT_NANOS, "waited in vain");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static int lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLineIsThereWithinASecond() throws IOException {
        Path file = directory.resolve("access.log");
        try (AccessLog log = AccessLog.to(file.toString())) {
            ExchangeLog lane = log.newLane();
            log.start();
            long start = System.nanoTime();
            lane.onEnd(ended.exchange, CloseReason.ANSWERED);
            until(() -> lines(file) == 1);
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theFileIsNotForOthersToRead() throws IOException {
        Path file = directory.resolve("access.log");
        try (AccessLog log = AccessLog.to(file.toString())) {
            log.start();
        }
        Set<PosixFilePermission> allowed =
                Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_READ);
        assertTrue(allowed.containsAll(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aCloseDrainsAndAStartAppends() throws IOException {
        Path file = directory.resolve("access.log");
        for (int run = 1; run <= 2; run++) {
            try (AccessLog log = AccessLog.to(file.toString())) {
                ExchangeLog lane = log.newLane();
                log.start();
                for (int i = 0; i < 500; i++) {
                    lane.onEnd(ended.exchange, CloseReason.ANSWERED);
                }
            }
            assertEquals(500 * run, lines(file));
        }
    }

    @Test
    void aFileThatCannotBeOpenedIsToldAtTheStart() {
        AccessLog log = AccessLog.to(directory.resolve("absent/access.log").toString());
        assertThrows(IOException.class, log::start);
        log.close();
    }

    @Test
    void aMovedFileIsLeftWhenAskedTo() throws IOException {
        Path file = directory.resolve("access.log");
        Path moved = directory.resolve("access.log.1");
        try (AccessLog log = AccessLog.to(file.toString())) {
            ExchangeLog lane = log.newLane();
            log.start();
            lane.onEnd(ended.exchange, CloseReason.ANSWERED);
            until(() -> lines(file) == 1);
            Files.move(file, moved);
            lane.onEnd(ended.exchange, CloseReason.ANSWERED);
            until(() -> lines(moved) == 2);
            log.reopen();
            until(() -> Files.exists(file));
            lane.onEnd(ended.exchange, CloseReason.ANSWERED);
            until(() -> lines(file) == 1);
            assertEquals(2, lines(moved));
        }
    }

    /** Every write to /dev/full fails as on a full disk. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void itSurvivesAFullDiskAndRecovers() throws IOException {
        Path link = directory.resolve("access.log");
        Path file = directory.resolve("elsewhere.log");
        Files.createSymbolicLink(link, Path.of("/dev/full"));
        try (AccessLog log = AccessLog.to(link.toString())) {
            ExchangeLog lane = log.newLane();
            log.start();
            lane.onEnd(ended.exchange, CloseReason.ANSWERED);
            until(() -> log.writeErrors() > 0);
            for (int i = 0; i < 3 * LogLane.RECORDS; i++) {
                lane.onEnd(ended.exchange, CloseReason.ANSWERED);
            }
            long dropped = log.dropped();
            assertTrue(dropped >= LogLane.RECORDS, () -> "dropped " + dropped);
            Files.delete(link);
            Files.createSymbolicLink(link, file);
            log.reopen();
            until(() -> lines(file) == 1 + 3 * LogLane.RECORDS - dropped);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aCloseOnAFullDiskIsBounded() throws IOException {
        Path link = directory.resolve("access.log");
        Files.createSymbolicLink(link, Path.of("/dev/full"));
        AccessLog log = AccessLog.to(link.toString());
        ExchangeLog lane = log.newLane();
        log.start();
        lane.onEnd(ended.exchange, CloseReason.ANSWERED);
        long start = System.nanoTime();
        log.close();
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(3));
    }
}
