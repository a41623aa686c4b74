package dev.slipstream.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line of a {@code verdicts.csv}.
 *
 * @param figure {@code -}: it could not be had
 * @param bound {@code <= 0.85} or {@code >= 1.15}
 * @param verdict {@code met}, {@code missed}, {@code not shown}
 */
record Verdict(String target, String what, String figure, String unit, String bound, String verdict) {
    private static final String HEAD = "target,what,figure,unit,bound,verdict";
    private static final int COLUMNS = 6;
    private static final double PERCENT = 100;
    /** Beyond it, percents are hard to read. */
    private static final int MANY_TIMES = 4;

    /** Lines of another shape say that they cannot be read, as a verdict. */
    static List<Verdict> parse(String text) {
        List<Verdict> verdicts = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.equals(HEAD)) {
                continue;
            }
            String[] cells = line.split(",", -1);
            verdicts.add(
                    cells.length == COLUMNS
                            ? new Verdict(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5])
                            : new Verdict("?", line, "-", "", "", "not shown"));
        }
        return List.copyOf(verdicts);
    }

    /** The verdict, and by how much of the bound. */
    String told() {
        String[] parts = bound.split(" ", -1);
        if (parts.length != 2 || verdict.equals("not shown")) {
            return verdict;
        }
        double off;
        double wanted;
        try {
            wanted = Double.parseDouble(parts[1]);
            off = Double.parseDouble(figure) - wanted;
        } catch (NumberFormatException e) {
            return verdict;
        }
        return switch (verdict) {
            case "met" -> off == 0 ? verdict : verdict + ", " + distance(off, wanted) + " to spare";
            case "missed" ->
                wanted > 0 && off >= MANY_TIMES * wanted
                        ? String.format(Locale.ROOT, "missed: %.0f times the bound", off / wanted + 1)
                        : verdict + " by " + distance(off, wanted);
            default -> verdict;
        };
    }

    private String distance(double off, double wanted) {
        return wanted > 0
                ? String.format(Locale.ROOT, "%.1f %%", Math.abs(off) / wanted * PERCENT)
                : (Markdown.number(Math.abs(off)) + " " + unit).strip();
    }

    /** Markdown. */
    static String table(List<Verdict> verdicts) {
        StringBuilder out =
                new StringBuilder("| target | what | figure | bound | verdict |\n| --- | --- | --- | --- | --- |\n");
        for (Verdict each : verdicts) {
            String figure = each.figure.equals("-") ? "–" : (each.figure + " " + each.unit).strip();
            String bound = each.bound.replace("<=", "≤").replace(">=", "≥");
            out.append(Markdown.row(each.target, each.what, figure, bound, each.told()));
        }
        return out.toString();
    }
}
