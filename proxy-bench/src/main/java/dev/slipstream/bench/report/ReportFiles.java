package dev.slipstream.bench.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** The files of a report before they are written: all of them or none, and no more than {@link #MOST_BYTES}. */
final class ReportFiles {
    static final String MARKDOWN = "report.md";
    static final String HTML = "report.html";
    /** Of a report's folder, all its files together. */
    static final long MOST_BYTES = 2_000_000;

    private static final Set<String> COMPRESSIBLE =
            Set.of("csv", "hlog", "hgrm", "json", "jsonl", "txt", "log", "collapsed");
    private static final int NAMED = 5;

    private final Map<String, byte[]> files = new TreeMap<>();

    /** Takes the bytes. */
    void put(String path, byte[] bytes) {
        files.put(path, bytes);
    }

    long bytes() {
        return files.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    List<String> paths() {
        return List.copyOf(files.keySet());
    }

    int size(String path) {
        byte[] bytes = files.get(path);
        return bytes == null ? 0 : bytes.length;
    }

    /**
     * Compresses raw data, the largest first, until all is within the bound or nothing is left to compress. A compressed file's
     * path ends with {@code .gz}.
     *
     * @param room bytes that others still need
     */
    void compress(long room) {
        List<String> candidates = files.keySet().stream()
                .filter(path -> COMPRESSIBLE.contains(RunFolder.kind(path)))
                .sorted(Comparator.comparingInt((String path) -> -size(path)))
                .toList();
        for (String path : candidates) {
            if (bytes() + room <= MOST_BYTES) {
                return;
            }
            byte[] plain = files.get(path);
            byte[] small = plain == null ? new byte[0] : gzip(plain);
            if (plain != null && small.length < plain.length) {
                files.remove(path);
                files.put(path + ".gz", small);
            }
        }
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException("in memory", e);
        }
        return out.toByteArray();
    }

    /**
     * Writes all.
     *
     * @param force whether files of these names may be there already, and are replaced
     * @throws IOException and nothing is written: the folder would have more than the bound, or has a file of one of the names
     */
    void write(Path folder, boolean force) throws IOException {
        long others = 0;
        List<String> there = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.walk(folder)) {
                for (Path file : found.filter(Files::isRegularFile).toList()) {
                    String path = folder.relativize(file).toString();
                    if (files.containsKey(path)) {
                        there.add(path);
                    } else {
                        others += Files.size(file);
                    }
                }
            }
        }
        if (!there.isEmpty() && !force) {
            throw new IOException(folder + " has " + String.join(", ", there) + " already; --force replaces them");
        }
        if (bytes() + others > MOST_BYTES) {
            throw new IOException(folder + " would have " + (bytes() + others) + " bytes, more than " + MOST_BYTES
                    + "; the largest: " + String.join(", ", largest())
                    + (others == 0 ? "" : "; " + others + " bytes are of other files there"));
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.write(path, file.getValue());
        }
    }

    private List<String> largest() {
        return files.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, byte[]> file) -> -file.getValue().length))
                .limit(NAMED)
                .map(file -> file.getKey() + " " + file.getValue().length)
                .toList();
    }
}
