package dev.slipstream.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A CSV file without quotes: a line of names, then as many cells in each line. Lines of another width are left out. */
record CsvTable(List<String> names, List<List<String>> rows) {
    static CsvTable parse(String text) {
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        if (lines.isEmpty()) {
            return new CsvTable(List.of(), List.of());
        }
        List<String> names = List.of(lines.get(0).split(",", -1));
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = List.of(line.split(",", -1));
            if (cells.size() == names.size()) {
                rows.add(cells);
            }
        }
        return new CsvTable(names, List.copyOf(rows));
    }

    /** Below 0: there is none of that name. */
    int column(String name) {
        return names.indexOf(name);
    }

    /** Whether each cell is a number or empty, and one is a number. */
    boolean isNumeric(int column) {
        boolean any = false;
        for (List<String> row : rows) {
            String cell = row.get(column);
            if (!cell.isBlank()) {
                if (Double.isNaN(number(cell))) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    /** NaN where it is none. */
    static double number(String cell) {
        try {
            double value = Double.parseDouble(cell.strip());
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
