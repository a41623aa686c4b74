package dev.slipstream.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one run left, all of it in memory.
 *
 * @param name of the folder
 * @param files by their path inside the folder; kept ones alone
 * @param leftOut paths of those of another kind
 */
record RunFolder(
        String name, Environment environment, ScriptComment script, Map<String, byte[]> files, List<String> leftOut) {
    /** A run's folder is to have 2 MB; what is far beyond is a mistake, and is not read. */
    static final long MOST_BYTES = 64L << 20;

    private static final int DEPTH = 4;
    private static final Set<String> KINDS = Set.of(
            "csv",
            "hlog",
            "hgrm",
            "svg",
            "txt",
            "md",
            "json",
            "jsonl",
            "yaml",
            "yml",
            "conf",
            "cfg",
            "html",
            "collapsed",
            "gz",
            "log",
            "py",
            "sh");
    /** Of a report that was made in the run's own folder. */
    private static final Set<String> OWN = Set.of(ReportFiles.MARKDOWN, ReportFiles.HTML);

    /**
     * @param scripts where the scripts are, for the question and the method
     * @throws IOException also if the folder has nothing of a run, or more than {@link #MOST_BYTES}
     */
    static RunFolder read(Path folder, Path scripts) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder");
        }
        Map<String, byte[]> files = new TreeMap<>();
        List<String> leftOut = new ArrayList<>();
        long bytes = 0;
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder, DEPTH)) {
            all = found.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : all) {
            String path = folder.relativize(file).toString();
            if (OWN.contains(path) || path.startsWith(".") || path.contains("/.")) {
                continue;
            }
            if (!KINDS.contains(kind(path))) {
                leftOut.add(path);
                continue;
            }
            bytes += Files.size(file);
            if (bytes > MOST_BYTES) {
                throw new IOException(folder + " has more than " + MOST_BYTES + " bytes");
            }
            files.put(path, Files.readAllBytes(file));
        }
        Environment environment = Environment.parse(text(files, "environment.txt"));
        if (environment.entries().isEmpty() && !files.containsKey("result.md")) {
            throw new IOException(folder + " has neither environment.txt nor result.md: no run left it");
        }
        Path last = folder.toAbsolutePath().normalize().getFileName();
        String name = last == null ? "run" : last.toString();
        String command = environment.value("command");
        String script = command.isEmpty() ? name : command.split(" ", 2)[0];
        Path scriptName = Path.of(script).getFileName();
        ScriptComment comment = ScriptComment.of(scripts.resolve(scriptName == null ? name : scriptName.toString()));
        return new RunFolder(name, environment, comment, files, List.copyOf(leftOut));
    }

    /** Behind the last point; empty: there is none. */
    static String kind(String path) {
        int dot = path.lastIndexOf('.');
        return dot < path.lastIndexOf('/') ? "" : path.substring(dot + 1);
    }

    /** The last part of a path without its kind. */
    static String stem(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        int dot = last.lastIndexOf('.');
        return dot < 0 ? last : last.substring(0, dot);
    }

    List<String> ofKind(String kind) {
        return files.keySet().stream().filter(path -> kind(path).equals(kind)).toList();
    }

    /** Empty: there is none. */
    String text(String path) {
        return text(files, path);
    }

    private static String text(Map<String, byte[]> files, String path) {
        byte[] bytes = files.get(path);
        return bytes == null ? "" : new String(bytes, UTF_8);
    }

    List<Verdict> verdicts() {
        return Verdict.parse(text("verdicts.csv"));
    }
}
