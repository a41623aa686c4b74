package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

@DisplayName("The plot of percentiles")
class PercentilePlotTest {
    private static Histogram histogram(int samples, long slowestMicros) {
        Histogram histogram = new Histogram(1, 60_000_000_000L, 3);
        for (int i = 1; i <= samples; i++) {
            histogram.recordValue(100_000 + slowestMicros * 1000 * i / samples);
        }
        return histogram;
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
        plot.add("direct", histogram(20_000, 900), null);
        plot.add("proxied", histogram(1_000, 90_000), null);
        Document document = parsed(plot);
        NodeList lines = document.getElementsByTagName("polyline");
        assertEquals(2, lines.getLength());
        double[] ends = new double[2];
        for (int i = 0; i < 2; i++) {
            double lastX = -1;
            double lastY = 1e9;
            for (String point : ((Element) lines.item(i)).getAttribute("points").trim().split(" ")) {
                double x = Double.parseDouble(point.split(",")[0]);
                double y = Double.parseDouble(point.split(",")[1]);
                assertTrue(x >= lastX && x >= 82 && x <= 860 - 24 + 0.1, point);
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
                        "a < b & c", "direct (20000)", "proxied (1000)", "99 %", "99.9 %", "1 ms", "100 µs", "latency")),
                texts::toString);
    }

    @Test
    @DisplayName("says why a line is not there")
    void refused() throws Exception {
        PercentilePlot plot = new PercentilePlot("refused");
        plot.add("late", histogram(1000, 100), Quantile.Refusal.LATE);
        plot.add("few", histogram(5, 100), null);
        Document document = parsed(plot);
        assertEquals(0, document.getElementsByTagName("polyline").getLength());
        assertTrue(
                texts(document)
                        .containsAll(List.of(
                                "late: none, the generator could not keep its rate", "few: none, too few samples")),
                texts(document)::toString);
    }
}
