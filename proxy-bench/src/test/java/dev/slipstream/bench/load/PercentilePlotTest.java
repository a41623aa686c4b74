package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

@DisplayName("The plot of percentiles")
class PercentilePlotTest {
    private static LoadResults results(int samples, long slowestMicros, int failed) {
        LoadResults results = new LoadResults();
        for (int i = 1; i <= samples; i++) {
            results.record(Metric.TOTAL, 100_000 + slowestMicros * 1000 * i / samples);
        }
        results.count(Outcome.OK, samples);
        results.count(Outcome.BROKEN, failed);
        return results;
    }

    private static Document parsed(PercentilePlot plot) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(plot.svg().getBytes(UTF_8)));
    }

    private static List<String> texts(Document document) {
        NodeList nodes = document.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    @Test
    @DisplayName("is well-formed, rises within its frame, and names its lines and axes")
    void lines() throws Exception {
        PercentilePlot plot = new PercentilePlot("a < b & c");
        plot.add("direct", results(20_000, 900, 0), Metric.TOTAL, null);
        plot.add("proxied", results(1_000, 90_000, 0), Metric.TOTAL, null);
        Document document = parsed(plot);
        NodeList lines = document.getElementsByTagName("polyline");
        assertEquals(2, lines.getLength());
        double[] ends = new double[2];
        for (int i = 0; i < 2; i++) {
            double lastX = -1;
            double lastY = 1e9;
            for (String point :
                    ((Element) lines.item(i)).getAttribute("points").trim().split(" ")) {
                double x = Double.parseDouble(point.split(",")[0]);
                double y = Double.parseDouble(point.split(",")[1]);
                assertTrue(x >= lastX && x >= 82 && x <= 860 - 32 + 0.1, point);
                assertTrue(y <= lastY && y >= 48 && y <= 520 - 62 + 0.1, point);
                lastX = x;
                lastY = y;
            }
            ends[i] = lastX;
        }
        assertTrue(ends[0] > ends[1], "fewer samples end earlier");
        List<String> texts = texts(document);
        assertTrue(
                texts.containsAll(List.of(
                        "a < b & c",
                        "direct (20000 requests)",
                        "proxied (1000 requests)",
                        "99 %",
                        "99.9 %",
                        "1 ms",
                        "100 µs",
                        "latency")),
                texts::toString);
    }

    @Test
    @DisplayName("ends where the failed requests begin")
    void failed() throws Exception {
        PercentilePlot plot = new PercentilePlot("failed");
        plot.add("half", results(1000, 900, 1000), Metric.TOTAL, null);
        Document document = parsed(plot);
        String points = ((Element) document.getElementsByTagName("polyline").item(0)).getAttribute("points");
        String last = points.trim().substring(points.trim().lastIndexOf(' ') + 1);
        // Of two decades the median stands at 0.301 of one.
        assertEquals(82 + (860 - 32 - 82) * 0.301 / 2, Double.parseDouble(last.split(",")[0]), 0.5);
        assertTrue(texts(document).contains("half (2000 requests, 1000 failed)"), texts(document)::toString);
    }

    @Test
    @DisplayName("says why a line is not there")
    void refused() throws Exception {
        PercentilePlot plot = new PercentilePlot("refused");
        plot.add("late", results(1000, 100, 0), Metric.TOTAL, Quantile.Refusal.LATE);
        plot.add("few", results(5, 100, 0), Metric.TOTAL, null);
        Document document = parsed(plot);
        assertEquals(0, document.getElementsByTagName("polyline").getLength());
        assertTrue(
                texts(document)
                        .containsAll(List.of(
                                "late: none, the generator could not keep its rate", "few: none, too few samples")),
                texts(document)::toString);
    }
}
