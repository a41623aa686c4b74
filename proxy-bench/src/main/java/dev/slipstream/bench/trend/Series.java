package dev.slipstream.bench.trend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One figure over time. Immutable. */
final class Series {
    private static final String BYTES = "_bytes";
    private static final double BYTES_PER_MB = 1e6;

    private final String name;
    private final double[] seconds;
    private final double[] values;

    /**
     * @param name of the figure; one that ends with {@code _bytes} is told in MB
     * @param seconds when each sample was taken, ascending; the array is not to be changed any more
     * @param values as many; the same holds
     */
    Series(String name, double[] seconds, double[] values) {
        this.name = name;
        this.seconds = seconds;
        this.values = values;
    }

    /**
     * Reads a CSV file: a head with the names, a line for each time, which is its first figure, in seconds. A figure that was not
     * taken at that time is empty. A last line that is cut short, as of a run that was broken off, is left out.
     *
     * @throws IOException if it cannot be read, or a figure is none
     */
    static List<Series> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        if (lines.isEmpty()) {
            throw new IOException(file + " is empty");
        }
        String[] names = lines.get(0).split(",", -1);
        double[][] seconds = new double[names.length][lines.size()];
        double[][] values = new double[names.length][lines.size()];
        int[] counts = new int[names.length];
        for (String line : lines.subList(1, lines.size())) {
            String[] figures = line.split(",", -1);
            if (figures.length != names.length) {
                continue;
            }
            for (int i = 1; i < names.length; i++) {
                if (!figures[i].isBlank()) {
                    try {
                        seconds[i][counts[i]] = Double.parseDouble(figures[0]);
                        values[i][counts[i]] = Double.parseDouble(figures[i]);
                    } catch (NumberFormatException e) {
                        throw new IOException(file + " has a line that is no samples: " + line, e);
                    }
                    counts[i]++;
                }
            }
        }
        List<Series> all = new ArrayList<>();
        for (int i = 1; i < names.length; i++) {
            all.add(new Series(names[i], Arrays.copyOf(seconds[i], counts[i]), Arrays.copyOf(values[i], counts[i])));
        }
        return all;
    }

    String name() {
        return name;
    }

    int size() {
        return seconds.length;
    }

    /** When a sample was taken. */
    double second(int sample) {
        return seconds[sample];
    }

    /** In {@link #unit()}. */
    double value(int sample) {
        return name.endsWith(BYTES) ? values[sample] / BYTES_PER_MB : values[sample];
    }

    /** {@code MB}, or nothing. */
    String unit() {
        return name.endsWith(BYTES) ? "MB" : "";
    }

    /** As tables and plots name it. */
    String text() {
        String bare = name.endsWith(BYTES) ? name.substring(0, name.length() - BYTES.length()) : name;
        return bare.replace('_', ' ');
    }
}
