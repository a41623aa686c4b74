package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Live objects of a JVM by class, as {@code jcmd PID GC.class_histogram} tells them.
 *
 * @param classes by name as the JVM writes it ({@code [B} is an array of bytes)
 */
record ClassHistogram(Map<String, Size> classes) {
    /**
     * @param bytes of all instances, without what they refer to
     */
    record Size(long instances, long bytes) {
        static final Size NONE = new Size(0, 0);
    }

    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    ClassHistogram {
        classes = Map.copyOf(classes);
    }

    /** @param lines as {@code jcmd} prints them; those that are about no class are passed over */
    static ClassHistogram parse(List<String> lines) {
        Map<String, Size> classes = new HashMap<>();
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                // Classes of the same name, by several loaders, are one here.
                Size size = new Size(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
                classes.merge(
                        matcher.group(3),
                        size,
                        (a, b) -> new Size(a.instances() + b.instances(), a.bytes() + b.bytes()));
            }
        }
        return new ClassHistogram(classes);
    }

    private Size of(String name) {
        return classes.getOrDefault(name, Size.NONE);
    }

    /**
     * Writes what there is more of than {@code before}, the most first, as CSV.
     *
     * @param streams among which it is divided
     */
    void writeGrowth(ClassHistogram before, int streams, Path file) throws IOException {
        List<String> grown = classes.keySet().stream()
                .filter(name -> growth(before, name) > 0)
                .sorted(Comparator.comparingLong((String name) -> growth(before, name))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        try (PrintWriter to = new PrintWriter(Files.newBufferedWriter(file, UTF_8))) {
            to.println("class,instances_before,instances_held,bytes_before,bytes_held,bytes_per_stream");
            for (String name : grown) {
                Size was = before.of(name);
                Size is = of(name);
                to.println(String.format(
                        Locale.ROOT,
                        "%s,%d,%d,%d,%d,%.1f",
                        name,
                        was.instances(),
                        is.instances(),
                        was.bytes(),
                        is.bytes(),
                        (double) growth(before, name) / streams));
            }
        }
    }

    private long growth(ClassHistogram before, String name) {
        return of(name).bytes() - before.of(name).bytes();
    }
}
