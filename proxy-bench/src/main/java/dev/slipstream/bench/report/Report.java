package dev.slipstream.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench report}: from runs' folders to a report. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Gathers what scripts that measure left in their folders into one of perf-reports: report.md, report.html,",
            "plots, raw data. Writes nothing where that would have more than 2 MB."
        })
public final class Report implements Callable<Integer> {
    private static final Pattern TOPIC = Pattern.compile("[a-z0-9][a-z0-9-]{0,60}");
    private static final int DATE_LENGTH = 10;
    /** For the HTML page, beside the plots that it has again. */
    private static final long ROOM_FOR_TEXT = 20_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN_DIR", description = "what scripts had as --out")
    private List<Path> runs = new ArrayList<>();

    @Option(names = "--topic", required = true, paramLabel = "TOPIC", description = "of the folder's name: a-z, 0-9, -")
    private String topic = "";

    @Option(names = "--date", paramLabel = "YYYY-MM-DD", description = "default: the first run's")
    private @Nullable String date;

    @Option(names = "--out", paramLabel = "DIR", description = "default: ${DEFAULT-VALUE}")
    private Path out = Path.of("perf-reports");

    @Option(
            names = "--title",
            paramLabel = "TEXT",
            description = "default: the first words of the script's comment; of several runs, the topic")
    private String title = "";

    @Option(
            names = "--not-shown",
            paramLabel = "FILE",
            description = "Markdown: what the run does not show; default: what no run can")
    private @Nullable Path notShown;

    @Option(names = "--force", description = "replace files that are there already")
    private boolean force;

    @Option(names = "--scripts", paramLabel = "DIR", hidden = true, description = "where the scripts are")
    private Path scripts = Path.of("scripts");

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (!TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException("'" + topic + "' is no topic: a-z, 0-9 and -, 61 characters at most");
        }
        List<RunFolder> read = new ArrayList<>();
        for (Path run : runs) {
            read.add(RunFolder.read(run, scripts));
        }
        String day = day(read.get(0));
        Path folder = out.resolve(day + "-" + topic);
        String said = title(read.get(0));
        ReportFiles files = files(read, said, notShown == null ? "" : Files.readString(notShown));
        files.write(folder, force);
        PrintWriter to = spec.commandLine().getOut();
        to.println("written: " + folder.resolve(ReportFiles.MARKDOWN) + " and " + ReportFiles.HTML + ", "
                + files.paths().size() + " files of " + files.bytes() + " bytes");
        String revision = read.get(0).environment().value("revision");
        to.println("for the index: | " + day + " | [" + Markdown.text(said) + "](" + day + "-" + topic + "/"
                + ReportFiles.MARKDOWN + ") | " + ReportPage.answer(read) + " | "
                + (revision.isEmpty() ? "see there" : Markdown.text(revision)) + " |");
        to.flush();
        return 0;
    }

    private String day(RunFolder first) {
        String found = date != null ? date : first.environment().value("date");
        if (found.isEmpty()) {
            return LocalDate.now(Clock.systemUTC()).toString();
        }
        try {
            return LocalDate.parse(found.substring(0, Math.min(DATE_LENGTH, found.length())))
                    .toString();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + found + "' is no date: write YYYY-MM-DD", e);
        }
    }

    private String title(RunFolder first) {
        if (!title.isEmpty()) {
            return title;
        }
        String found = runs.size() > 1 ? "" : first.script().title();
        return found.isEmpty() ? topic.replace('-', ' ') : found;
    }

    /** All files of the report; both pages are made when it is known what is compressed. */
    static ReportFiles files(List<RunFolder> runs, String title, String notShown) throws IOException {
        ReportFiles files = new ReportFiles();
        List<String> folders = folders(runs);
        List<List<Figure>> figures = new ArrayList<>();
        long inlined = ROOM_FOR_TEXT;
        for (int i = 0; i < runs.size(); i++) {
            RunFolder run = runs.get(i);
            String folder = folders.get(i);
            run.files().forEach((path, bytes) -> files.put(folder + path, bytes));
            List<Figure> ofRun = figures(run);
            for (Figure figure : ofRun) {
                byte[] svg = figure.svg().getBytes(UTF_8);
                files.put(folder + figure.path(), svg);
                inlined += figure.isOurs() ? svg.length : svg.length * 4L / 3;
            }
            inlined += 3L * run.text("result.md").length();
            figures.add(ofRun);
        }
        files.compress(inlined);
        ReportPage page = ReportPage.of(title, runs, folders, figures, notShown);
        page.rawData(files);
        files.put(ReportFiles.MARKDOWN, page.markdown().getBytes(UTF_8));
        files.put(ReportFiles.HTML, HtmlPage.of(page).getBytes(UTF_8));
        return files;
    }

    /** One run's files lie beside the page, those of several in folders of their names. */
    private static List<String> folders(List<RunFolder> runs) {
        List<String> folders = new ArrayList<>();
        for (RunFolder run : runs) {
            String folder = runs.size() == 1 ? "" : run.name() + "/";
            for (int i = 2; folders.contains(folder); i++) {
                folder = run.name() + "-" + i + "/";
            }
            folders.add(folder);
        }
        return folders;
    }

    /** The run's own plots, then those that are made of its raw data. */
    private static List<Figure> figures(RunFolder run) {
        List<Figure> figures = new ArrayList<>();
        for (String path : run.ofKind("svg")) {
            String caption = path.equals(LatencyPlots.OF_TOTAL)
                    ? "Latency over percentile, all legs"
                    : RunFolder.stem(path).replace('-', ' ').replace('_', ' ');
            figures.add(new Figure(path, caption, run.text(path)));
        }
        List<Figure> made = new ArrayList<>(new LatencyPlots(run).figures());
        for (String path : run.ofKind("csv")) {
            // A script that drew its file itself knew better what belongs together.
            if (!run.files().containsKey(path.substring(0, path.length() - ".csv".length()) + ".svg")) {
                made.addAll(TimePlots.of(path, CsvTable.parse(run.text(path))));
            }
        }
        made.stream().filter(figure -> !run.files().containsKey(figure.path())).forEach(figures::add);
        return figures;
    }
}
