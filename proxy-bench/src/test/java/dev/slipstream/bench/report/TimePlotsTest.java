package dev.slipstream.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Plots over time")
class TimePlotsTest {
    private static List<Figure> of(String csv) {
        return TimePlots.of("x/y.csv", CsvTable.parse(csv));
    }

    private static int lines(Figure figure) {
        return figure.svg().split("<polyline", -1).length - 1;
    }

    @Test
    @DisplayName("are one for each unit and size")
    void units() {
        List<Figure> figures = of(
                "second,rss_mib,heap_mib,direct_mib,sent,p50_us,p99_ms\n" + "1,100,40,1,5,100,2\n2,101,50,2,9,110,3\n");
        assertEquals(
                List.of(
                        "rss, heap over time (x/y.csv)",
                        "direct over time (x/y.csv)",
                        "sent over time (x/y.csv)",
                        "p99 over time (x/y.csv)",
                        "p50 over time (x/y.csv)"),
                figures.stream().map(Figure::caption).toList());
        assertEquals("x/time.y.svg", figures.get(0).path());
        assertEquals("x/time.y.2.svg", figures.get(1).path());
        assertTrue(figures.get(3).svg().contains("3 ms"), figures.get(3)::svg);
    }

    @Test
    @DisplayName("tell series apart where time goes back")
    void series() {
        List<Figure> figures = of("leg,minute,rss_mib\na,1,10\na,2,11\nb,1,20\nb,2,22\n");
        assertEquals(1, figures.size());
        assertEquals(2, lines(figures.get(0)));
        assertTrue(figures.get(0).svg().contains(">a rss</text>"), figures.get(0)::svg);
        assertTrue(of("second,rss_mib\n1,10\n2,11\n1,20\n").isEmpty(), "nothing tells them apart");
    }

    @Test
    @DisplayName("want a column of time and more than one point of it")
    void none() {
        assertTrue(of("idle_s,round,last_byte_us\n0,0,136440\n0,1,43126\n").isEmpty());
        assertTrue(of("second,rss\n1,5\n").isEmpty());
        assertTrue(of("second,rss\n").isEmpty());
        assertTrue(of("").isEmpty());
        assertTrue(of("time,rss\nnoon,5\nevening,6\n").isEmpty());
    }

    @Test
    @DisplayName("of a clock's time begin at the first sample")
    void clock() {
        Figure figure =
                of("timestamp_ms,rss_mib\n1700000000000,5\n1700000060000,6\n").get(0);
        assertTrue(figure.svg().contains(">60 s</text>") || figure.svg().contains(">1 min</text>"), figure::svg);
    }

    @Test
    @DisplayName("keep the least and the most where points are many")
    void thinned() {
        StringBuilder csv = new StringBuilder("second,rss_mib\n");
        for (int i = 0; i < 20_000; i++) {
            csv.append(i).append(',').append(i == 12_345 ? 1000 : 10 + i % 3).append('\n');
        }
        Figure figure = of(csv.toString()).get(0);
        assertTrue(figure.svg().length() < 40_000, () -> "" + figure.svg().length());
        assertTrue(figure.svg().contains(",48.0 "), "the largest is at the top");
        assertFalse(figure.svg().contains("NaN"));
    }
}
