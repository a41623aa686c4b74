package dev.slipstream.bench.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Live objects by class")
class ClassHistogramTest {
    private static final ClassHistogram BEFORE = ClassHistogram.parse(List.of(
            "4242:",
            " num     #instances         #bytes  class name (module)",
            "-------------------------------------------------------",
            "   1:            10           1000  [B (java.base@25)",
            "   2:             3            300  dev.slipstream.Shrinking",
            "Total            13           1300"));

    @Test
    void growthIsToldByClassTheMostFirst(@TempDir Path folder) throws IOException {
        ClassHistogram held = ClassHistogram.parse(List.of(
                "   1:            30           3000  [B (java.base@25)",
                "   2:             2           5000  dev.slipstream.New",
                "   3:             1            100  dev.slipstream.Shrinking"));
        Path file = folder.resolve("classes.csv");
        held.writeGrowth(BEFORE, 4, file);
        assertEquals(
                List.of(
                        "class,instances_before,instances_held,bytes_before,bytes_held,bytes_per_stream",
                        "dev.slipstream.New,0,2,0,5000,1250.0",
                        "[B,10,30,1000,3000,500.0"),
                Files.readAllLines(file));
    }

    @Test
    void classesOfOneNameAreOne() {
        ClassHistogram both = ClassHistogram.parse(List.of("   1:   2   40  A", "   2:   3   60  A (app)"));
        assertEquals(Map.of("A", new ClassHistogram.Size(5, 100)), both.classes());
    }

    @Test
    void aJvmTellsItsOwn() throws IOException {
        ProxyWatch self = ProxyWatch.of(Long.toString(ProcessHandle.current().pid()));
        assertTrue(self.classes().orElseThrow().classes().containsKey("java.lang.String"));
    }
}
