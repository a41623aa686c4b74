package dev.slipstream.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A report")
class ReportTest {
    @TempDir
    private Path folder = Path.of("");

    private Path run = Path.of("");
    private Path made = Path.of("");

    @BeforeEach
    void write() throws IOException {
        run = Runs.write(folder);
        made = folder.resolve("out/2026-11-20-it");
    }

    private String report(int exit, String... more) {
        String[] all = Stream.concat(
                        Stream.of(
                                run.toString(),
                                "--topic",
                                "it",
                                "--out",
                                folder.resolve("out").toString()),
                        Stream.of(more))
                .toArray(String[]::new);
        return Runs.report(exit, folder.resolve("scripts"), all);
    }

    private String page() throws IOException {
        return Files.readString(made.resolve("report.md"));
    }

    private static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "no '" + part + "' in:\n" + text);
    }

    @Test
    @DisplayName(
            "has question, verdicts, command, set-up, method, result, stages, plots, what is not shown, raw data: in this order")
    void order() throws IOException {
        report(0);
        String page = page();
        assertTrue(page.startsWith(
                "# What is it about\n\n## Question\n\nWhat is it about: a load straight and through. More of it.\n"));
        int at = 0;
        for (String heading : new String[] {
            "## Question",
            "## Verdicts",
            "## Command",
            "## Set-up",
            "## Method",
            "## Result",
            "## Where the time goes",
            "## Plots",
            "## What it does not show",
            "## Raw data"
        }) {
            int found = page.indexOf("\n" + heading + "\n");
            assertTrue(found > at, heading + " in:\n" + page);
            at = found;
        }
        assertContains(page, "```\nscripts/bench-it --quick\n```\n");
        assertContains(page, "| kernel | Linux \\| \\<6\\> |\n");
        assertContains(page, "## Method\n\nEach in turn; time counts from when it was due.\n");
        assertContains(
                page,
                "## Where the time goes\n\n| Slipstream's stage, µs | p50 | p95 | p99 |\n| --- | --- | --- | --- |\n| auth |");
        assertContains(page, "[nginx:h1.conf](nginx%3Ah1.conf), 20 bytes\n");
        assertContains(page, "- A network.");
        assertContains(page, "Not kept, since of no kind that a report has: core.dump\n");
        assertFalse(Files.exists(made.resolve("core.dump")));
    }

    @Test
    @DisplayName("tells by how much a verdict is met or missed, once")
    void verdicts() throws IOException {
        String told = report(0);
        String page = page();
        assertContains(page, "| T3 | added p50 | 15 µs | ≤ 20 | met, 25.0 % to spare |\n");
        assertContains(page, "| T3 | beside | 1.5 x | ≤ 1.2 | missed by 25.0 % |\n");
        assertContains(page, "| T2 | throughput | 1.3 x | ≥ 1.15 | met, 13.0 % to spare |\n");
        assertContains(page, "| T14 | failed | 3 | ≤ 0 | missed by 3 |\n");
        assertContains(page, "| T9 | rss | 500 MB | ≤ 55 | missed: 9 times the bound |\n");
        assertContains(page, "| T10 | start | – | ≤ 130 | not shown |\n");
        assertFalse(page.contains("told twice"), page);
        assertEquals(1, page.split("## Verdicts", -1).length - 1, page);
        assertContains(
                told,
                "| 2026-11-20 | [What is it about](2026-11-20-it/report.md) | 2 met, 3 missed, 1 not shown | abc1234 |");
    }

    @Test
    @DisplayName("draws percentiles and times of what the raw data have of them")
    void plots() throws IOException {
        report(0);
        String percentiles = Files.readString(made.resolve("percentiles.total.svg"));
        assertContains(percentiles, "slipstream (4100 requests, 100 failed)");
        assertContains(percentiles, "slow: none, refused: late");
        assertContains(percentiles, "cold: none, refused: overrun");
        String latency = Files.readString(made.resolve("time.latency.total.svg"));
        assertContains(latency, "slipstream p50");
        assertContains(latency, "slipstream p99");
        assertFalse(latency.contains("slow"), "one interval is no time: " + latency);
        String samples = Files.readString(made.resolve("time.samples.svg"));
        assertContains(samples, ">rss</text>");
        assertContains(samples, ">MiB</text>");
        assertFalse(Files.exists(made.resolve("time.raw.svg")));
        assertContains(page(), "rss over time (samples.csv); constant, and not drawn: errors 0.\n");
    }

    @Test
    @DisplayName("takes a run's own plot of the total instead of making one")
    void ownPlot() throws IOException {
        Files.writeString(
                run.resolve("percentiles.svg"),
                "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>");
        report(0);
        assertFalse(Files.exists(made.resolve("percentiles.total.svg")));
        String html = Files.readString(made.resolve("report.html"));
        assertContains(html, "<img alt=\"Latency over percentile, all legs\" src=\"data:image/svg+xml;base64,");
        assertFalse(html.contains("alert(1)</script>"), "what is not our own is no part of the page");
    }

    @Test
    @DisplayName("is one HTML page that needs nothing else, and shows texts as texts")
    void html() throws IOException {
        report(0);
        String html = Files.readString(made.resolve("report.html"));
        assertContains(html, "<html lang=\"en\">");
        assertContains(html, "<meta name=\"viewport\"");
        assertContains(html, "prefers-color-scheme: dark");
        assertContains(html, "<td class=\"met\">met, 25.0 % to spare</td>");
        assertContains(html, "<td class=\"missed\">missed by 25.0 %</td>");
        assertContains(html, "<td class=\"untold\">not shown</td>");
        assertContains(html, "<th scope=\"col\">target</th>");
        assertContains(html, "Linux | &lt;6&gt;");
        assertContains(html, "&lt;b onclick=&quot;x()&quot;&gt;line&lt;/b&gt; &amp;");
        assertContains(html, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\"");
        for (String other : new String[] {"<script", "javascript:", "example.com", "<link", "<b onclick", "<img"}) {
            assertFalse(html.contains(other), other + " in:\n" + html);
        }
        Matcher source = Pattern.compile("(?:src|url)\\s*[=(]\\s*\"?(?!data:)").matcher(html);
        assertFalse(source.find(), html);
        assertEquals(
                html.split("<table>", -1).length,
                html.split("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Table ", -1).length);
    }

    @Test
    @DisplayName("of several runs has a chapter and a folder for each")
    void several() throws IOException {
        String told = report(
                0,
                run.toString(),
                "--not-shown",
                Files.writeString(folder.resolve("n"), "Nothing of *that*.").toString());
        String page = page();
        assertTrue(page.startsWith("# it\n\n## All verdicts\n\nOf run:\n\n| target |"), page);
        assertEquals(2, page.split("\\| T3 \\| added p50 \\|", -1).length - 1, "verdicts are told once for each run");
        assertContains(page, "\n## run\n");
        assertContains(page, "\n### Where the time goes\n");
        assertContains(page, "(run/percentiles.total.svg)");
        assertContains(page, "(run-2/percentiles.total.svg)");
        assertContains(page, "## What it does not show\n\nNothing of *that*.\n");
        assertTrue(Files.exists(made.resolve("run-2/environment.txt")));
        assertContains(told, "4 met, 6 missed, 2 not shown");
    }

    @Test
    @DisplayName("replaces files only where it is told to")
    void force() throws IOException {
        report(0);
        Files.writeString(made.resolve("report.md"), "mine");
        assertContains(report(1), "--force");
        assertEquals("mine", page());
        report(0, "--force");
        assertTrue(page().startsWith("# What"), page());
    }

    @Test
    @DisplayName("compresses raw data where it would be too large")
    void compresses() throws IOException {
        Files.writeString(run.resolve("many.csv"), "a,b\n" + "1,2\n".repeat(700_000));
        report(0);
        assertTrue(Files.size(made.resolve("many.csv.gz")) < 100_000);
        assertFalse(Files.exists(made.resolve("many.csv")));
        assertTrue(Files.exists(made.resolve("raw.csv")), "only as much as has to be");
        assertContains(page(), "[many.csv.gz](many.csv.gz)");
    }

    @Test
    @DisplayName("of more than 2 MB is not written")
    void tooLarge() throws IOException {
        byte[] noise = new byte[2_100_000];
        new Random(1).nextBytes(noise);
        Files.write(run.resolve("noise.csv"), noise);
        String told = report(1);
        assertContains(told, "more than 2000000");
        assertContains(told, "noise.csv");
        assertFalse(Files.exists(made), "nothing of it");
    }

    @Test
    @DisplayName("counts what is in its folder already")
    void othersCount() throws IOException {
        Files.createDirectories(made);
        Files.write(made.resolve("profile.html"), new byte[1_990_000]);
        assertContains(report(1), "of other files there");
        assertFalse(Files.exists(made.resolve("report.md")));
    }

    @Test
    @DisplayName("wants a run, a topic and a date that are some")
    void refuses() throws IOException {
        assertContains(report(1, "--date", "soon"), "is no date");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertContains(report(1, empty.toString()), "no run left it");
        assertContains(report(1, folder.resolve("nowhere").toString()), "is no folder");
        Path scripts = folder.resolve("scripts");
        assertContains(Runs.report(1, scripts, run.toString(), "--topic", "../up"), "is no topic");
    }

    @Test
    @DisplayName("stands on a result alone, where nothing else is there")
    void resultAlone() throws IOException {
        for (String file : new String[] {
            "environment.txt", "verdicts.csv", "samples.csv", "raw.csv", "slipstream.hlog", "slow.hlog"
        }) {
            Files.delete(run.resolve(file));
        }
        report(0, "--date", "2026-11-20");
        String page = page();
        assertTrue(
                page.startsWith("# it\n\n## Command\n\nThe run did not write its command down.\n\n## Result\n"), page);
        assertFalse(page.contains("## Plots"), page);
        assertTrue(new String(Files.readAllBytes(made.resolve("report.html")), UTF_8).endsWith("</html>\n"));
    }
}
