package dev.slipstream.bench.plot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

@DisplayName("A plot of lines")
class LinePlotTest {
    private static final double LEFT = 82;
    private static final double RIGHT = 860 - 32;
    private static final double TOP = 48;
    private static final double BOTTOM = 520 - 62;

    private static LinePlot overTime(String label) {
        return new LinePlot("t", Axis.linear("time", Axis.Unit.SECONDS), Axis.linear(label, Axis.Unit.NONE));
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    }

    private static List<String> texts(Document document) {
        NodeList nodes = document.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    private static double[][] points(Document document, int line) {
        String[] points = ((Element) document.getElementsByTagName("polyline").item(line))
                .getAttribute("points")
                .trim()
                .split(" ", -1);
        double[][] found = new double[points.length][];
        for (int i = 0; i < points.length; i++) {
            String[] place = points[i].split(",", -1);
            found[i] = new double[] {Double.parseDouble(place[0]), Double.parseDouble(place[1])};
        }
        return found;
    }

    @Test
    @DisplayName("without samples says so, on axes of any kind")
    void nothing() throws Exception {
        List<Axis> axes = List.of(
                Axis.linear("l", Axis.Unit.NONE),
                Axis.logarithmic("l", Axis.Unit.MICROSECONDS),
                Axis.percentile("l"),
                Axis.linear("l", Axis.Unit.SECONDS));
        for (Axis x : axes) {
            for (Axis y : axes) {
                LinePlot plot = new LinePlot("t", x, y).absent("leg: none, it was late");
                Document document = parsed(plot.svg());
                assertTrue(plot.isEmpty());
                assertTrue(texts(document).containsAll(List.of("no samples", "leg: none, it was late")));
                assertEquals(0, document.getElementsByTagName("polyline").getLength());
                assertFalse(plot.svg().contains("NaN"), plot::svg);
                assertFalse(plot.svg().contains("Infinity"), plot::svg);
            }
        }
    }

    @Test
    @DisplayName("of one sample has a dot, within its frame")
    void one() throws Exception {
        for (double value : new double[] {0, -3, 7, 1e9}) {
            LinePlot plot = overTime("count").line("one", new double[] {5}, new double[] {value});
            Document document = parsed(plot.svg());
            Element dot = (Element) document.getElementsByTagName("circle").item(0);
            double x = Double.parseDouble(dot.getAttribute("cx"));
            double y = Double.parseDouble(dot.getAttribute("cy"));
            assertTrue(x >= LEFT && x <= RIGHT && y >= TOP && y <= BOTTOM, plot::svg);
            assertFalse(texts(document).contains("no samples"));
        }
    }

    @Test
    @DisplayName("has a gap where a value is missing, and a dot where one stands alone")
    void gaps() throws Exception {
        double[] xs = {0, 1, 2, 3, 4, 5, 6};
        double[] ys = {1, 2, Double.NaN, 4, Double.POSITIVE_INFINITY, 6, 7};
        Document document = parsed(overTime("count").line("gaps", xs, ys).svg());
        assertEquals(2, document.getElementsByTagName("polyline").getLength());
        assertEquals(1, document.getElementsByTagName("circle").getLength());
    }

    @Test
    @DisplayName("begins at 0, and where it does not, says so")
    void beginsAtZero() throws Exception {
        double[] xs = {0, 100};
        List<String> wide = texts(
                parsed(overTime("MiB").line("rss", xs, new double[] {50, 90}).svg()));
        assertTrue(wide.contains("MiB") && wide.contains("0") && wide.contains("100"), wide::toString);
        List<String> close = texts(
                parsed(overTime("MiB").line("rss", xs, new double[] {87, 90}).svg()));
        assertTrue(close.contains("MiB (axis does not begin at 0)"), close::toString);
        assertTrue(close.contains("87") && close.contains("90"), close::toString);
    }

    @Test
    @DisplayName("puts values where its scale has them")
    void places() throws Exception {
        LinePlot plot = new LinePlot(
                        "t",
                        Axis.linear("time", Axis.Unit.SECONDS),
                        Axis.logarithmic("latency", Axis.Unit.MICROSECONDS))
                .line("a", new double[] {0, 300, 600}, new double[] {100, 1000, 9_500});
        Document document = parsed(plot.svg());
        double[][] points = points(document, 0);
        assertEquals(LEFT, points[0][0], 0.1);
        assertEquals((LEFT + RIGHT) / 2, points[1][0], 0.1);
        assertEquals(RIGHT, points[2][0], 0.1);
        assertEquals(BOTTOM, points[0][1], 0.1);
        assertEquals((TOP + BOTTOM) / 2, points[1][1], 0.1);
        List<String> texts = texts(document);
        assertTrue(texts.containsAll(List.of("100 µs", "1 ms", "10 ms", "2 min", "10 min")), texts::toString);
    }

    @Test
    @DisplayName("takes texts of any characters")
    void escapes() throws Exception {
        String evil = "a<b> & \"c\" \u0001</text><script>";
        LinePlot plot = new LinePlot(evil, Axis.percentile(evil), Axis.linear(evil, Axis.Unit.NONE))
                .line(evil, new double[] {1, 2}, new double[] {1, 2});
        Document document = parsed(plot.svg());
        String shown = evil.replace('\u0001', '\uFFFD');
        assertTrue(texts(document).contains(shown), texts(document)::toString);
        assertEquals(0, document.getElementsByTagName("script").getLength());
        assertEquals(shown, document.getDocumentElement().getAttribute("aria-label"));
    }

    @Test
    @DisplayName("clips what is too long for its place")
    void clips() throws Exception {
        LinePlot plot = overTime("count").line("x".repeat(300), new double[] {1, 2}, new double[] {1, 2});
        assertTrue(texts(parsed(plot.svg())).stream().allMatch(text -> text.length() <= 112));
        assertThrows(IllegalArgumentException.class, () -> plot.line("odd", new double[1], new double[2]));
    }

    @Test
    @DisplayName("of percentiles ends where ten samples lie beyond, from a histogram as from its written form")
    void percentiles() throws Exception {
        Histogram nanos = new Histogram(3);
        for (int i = 1; i <= 10_000; i++) {
            nanos.recordValue(i * 1000L);
        }
        PercentileCurves curves = new PercentileCurves("t", "requests");
        assertTrue(curves.isEmpty());
        curves.add("recorded", nanos, 0);
        curves.add("written", new double[] {1, 2, 1000, 2000}, new double[] {1, 5000, 9990, 9995}, 10_000);
        curves.add("few", new double[] {1, 2}, new double[] {1, 2}, 19);
        Document document = parsed(curves.svg());
        for (int line = 0; line < 2; line++) {
            double[][] points = points(document, line);
            assertEquals(RIGHT, points[points.length - 1][0], 0.1, "one in a thousand, of three decades");
        }
        assertTrue(
                texts(document)
                        .containsAll(List.of(
                                "recorded (10000 requests)", "written (10000 requests)", "few: none, too few samples")),
                texts(document)::toString);
    }
}
