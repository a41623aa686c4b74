package dev.slipstream.bench.report;

import java.util.ArrayList;
import java.util.List;

/** What a report says, in the order in which it is read: Markdown and plots, from which both pages are made. */
final class ReportPage {
    /** A part of the page. */
    sealed interface Part permits Text, Plot {}

    /** @param markdown whole blocks */
    record Text(String markdown) implements Part {}

    /** @param path of the plot's file in the report's folder */
    record Plot(String path, Figure figure) implements Part {}

    /** What no run of these scripts can show, unless its own pages say otherwise. */
    private static final List<String> NEVER_SHOWN = List.of(
            "A network. Where the set-up names no delay, all of it was on loopback: no round trips, no loss, no bandwidth that ends.",
            "Machines other than this one. Load generator, provider and proxy share its cores and its memory bandwidth: compare"
                    + " what stands side by side in one run; figures alone do not carry over.",
            "A real provider. Where the set-up names no other, it is a simulated one, with the delays it was told to have.",
            "Other loads. Sizes, rates and scenarios are those of the command; a difference within the spread of the rounds is none.");

    private final String title;
    private final List<Part> parts = new ArrayList<>();

    private ReportPage(String title) {
        this.title = title;
    }

    /**
     * @param folders where each run's files lie in the report's folder: empty, or with a slash at the end
     * @param figures of each run
     * @param notShown Markdown; empty: what no run can show
     */
    static ReportPage of(
            String title, List<RunFolder> runs, List<String> folders, List<List<Figure>> figures, String notShown) {
        ReportPage page = new ReportPage(title);
        page.text("# " + Markdown.text(title) + "\n");
        boolean several = runs.size() > 1;
        if (several) {
            page.summary(runs);
        }
        for (int i = 0; i < runs.size(); i++) {
            if (several) {
                page.text("## " + Markdown.text(runs.get(i).name()) + "\n");
            }
            page.run(runs.get(i), folders.get(i), figures.get(i), several);
        }
        page.text("## What it does not show\n\n"
                + (notShown.isBlank() ? "- " + String.join("\n- ", NEVER_SHOWN) : notShown.strip()) + "\n");
        return page;
    }

    String title() {
        return title;
    }

    List<Part> parts() {
        return List.copyOf(parts);
    }

    /** One line for a table of reports: how many verdicts are met. */
    static String answer(List<RunFolder> runs) {
        List<Verdict> all =
                runs.stream().flatMap(run -> run.verdicts().stream()).toList();
        if (all.isEmpty()) {
            return "no verdicts";
        }
        List<String> counts = new ArrayList<>();
        for (String verdict : List.of("met", "missed", "not shown")) {
            long count =
                    all.stream().filter(each -> each.verdict().equals(verdict)).count();
            if (count > 0) {
                counts.add(count + " " + verdict);
            }
        }
        return String.join(", ", counts);
    }

    /** The last section: it needs to know what the files are called in the end. */
    void rawData(ReportFiles files) {
        StringBuilder out = new StringBuilder("## Raw data\n\n");
        for (String path : files.paths()) {
            out.append("- [")
                    .append(Markdown.text(path))
                    .append("](")
                    .append(Markdown.address(path))
                    .append("), ");
            out.append(files.size(path)).append(" bytes\n");
        }
        text(out.toString());
    }

    private void text(String markdown) {
        parts.add(new Text(markdown));
    }

    /** The verdicts of all runs, which their chapters do not repeat. */
    private void summary(List<RunFolder> runs) {
        StringBuilder out = new StringBuilder();
        for (RunFolder run : runs) {
            if (!run.verdicts().isEmpty()) {
                out.append("Of ").append(Markdown.text(run.name())).append(":\n\n");
                out.append(Verdict.table(run.verdicts())).append('\n');
            }
        }
        if (out.length() > 0) {
            text("## All verdicts\n\n" + out.toString().stripTrailing() + "\n");
        }
    }

    private void run(RunFolder run, String folder, List<Figure> figures, boolean chapter) {
        int depth = chapter ? 3 : 2;
        String heading = "#".repeat(depth) + " ";
        if (!run.script().question().isEmpty()) {
            text(heading + "Question\n\n" + Markdown.text(run.script().question()) + "\n");
        }
        List<Verdict> verdicts = run.verdicts();
        if (!chapter && !verdicts.isEmpty()) {
            text(heading + "Verdicts\n\n" + Verdict.table(verdicts));
        }
        String command = run.environment().value("command");
        text(heading + "Command\n\n"
                + (command.isEmpty() ? "The run did not write its command down.\n" : Markdown.code(command)));
        setUp(run, heading);
        if (!run.script().method().isEmpty()) {
            text(heading + "Method\n\n"
                    + String.join(
                            "\n\n",
                            run.script().method().stream().map(Markdown::text).toList())
                    + "\n");
        }
        ResultText result = ResultText.parse(run.text("result.md"), depth);
        if (!result.rest().isBlank()) {
            text(heading + "Result\n\n" + result.rest());
        }
        if (!result.stageTables().isEmpty()) {
            text(heading + "Where the time goes\n\n" + String.join("\n", result.stageTables()));
        }
        if (!figures.isEmpty()) {
            text(heading + "Plots\n");
            figures.forEach(figure -> parts.add(new Plot(folder + figure.path(), figure)));
        }
        if (!run.leftOut().isEmpty()) {
            text("Not kept, since of no kind that a report has: " + Markdown.text(String.join(", ", run.leftOut()))
                    + "\n");
        }
    }

    private void setUp(RunFolder run, String heading) {
        StringBuilder out = new StringBuilder(heading + "Set-up\n\n| what | value |\n| --- | --- |\n");
        boolean any = false;
        for (Environment.Entry entry : run.environment().entries()) {
            if (!entry.name().equals("command")) {
                out.append(Markdown.row(entry.name(), entry.value()));
                any = true;
            }
        }
        if (any) {
            text(out.toString());
        }
    }

    /** The Markdown page. */
    String markdown() {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Text text) {
                out.append(text.markdown().stripTrailing()).append("\n\n");
            } else if (part instanceof Plot plot) {
                String caption = Markdown.text(plot.figure().caption());
                out.append("![").append(caption).append("](").append(Markdown.address(plot.path()));
                out.append(")\n\n").append(caption).append(".\n\n");
            }
        }
        return out.toString().stripTrailing() + "\n";
    }
}
