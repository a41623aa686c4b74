package dev.slipstream.bench.report;

import java.util.ArrayList;
import java.util.List;

/** The lines of an {@code environment.txt}, in their order: a name, a colon, what it is. A line without has no name. */
record Environment(List<Entry> entries) {
    record Entry(String name, String value) {}

    private static final int LONGEST_NAME = 60;

    static Environment parse(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int colon = line.indexOf(": ");
            if (line.endsWith(":") && colon < 0) {
                colon = line.length() - 1;
            }
            if (colon > 0 && colon <= LONGEST_NAME) {
                entries.add(new Entry(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            } else if (!line.isBlank()) {
                entries.add(new Entry("", line.strip()));
            }
        }
        return new Environment(List.copyOf(entries));
    }

    /** Of the first line of that name; empty: there is none. */
    String value(String name) {
        for (Entry entry : entries) {
            if (entry.name().equals(name)) {
                return entry.value();
            }
        }
        return "";
    }
}
