package dev.slipstream.bench.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.tls.TestCertificates;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.ReceivedRequest;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The calls against a simulated provider on the loopback, with TLS; nothing here is about how long they take. */
final class CallsTest {
    private static final int ROUNDS = 2;

    @TempDir
    Path folder;

    @Test
    void eachKindMakesItsCallsOnTheConnectionsThatItsNameTells() throws Exception {
        try (TestCertificates certificates = TestCertificates.create();
                SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults()
                        .withWire(ProviderWire.tls(certificates.server()))
                        .withKeepRequests(10))) {
            Path authority = certificates.authority().writeCertificate(folder, "ca");
            CallTarget target = new CallTarget(URI.create(provider.openAiBaseUrl()), authority);
            try (Lane cold = new Lane(CallKind.DIRECT_COLD, target, 1024);
                    Lane warm = new Lane(CallKind.DIRECT_WARM, target, 300_000)) {
                for (int i = 0; i < ROUNDS; i++) {
                    CallTimes times = cold.call();
                    assertTrue(times.connectedNanos() > 0, times.toString());
                    assertTrue(times.securedNanos() > times.connectedNanos(), times.toString());
                    assertTrue(times.firstByteNanos() > times.securedNanos(), times.toString());
                    assertTrue(times.lastByteNanos() >= times.firstByteNanos(), times.toString());
                }
                warm.call();
                CallTimes kept = warm.call();
                warm.ping();
                assertEquals(0, kept.connectedNanos() + kept.securedNanos());
                assertEquals(ROUNDS + 1, provider.counters().connections());
            }
            List<Integer> sizes = provider.received().stream()
                    .map(ReceivedRequest::body)
                    .map(body -> body.length)
                    .toList();
            assertEquals(List.of(1024, 1024, 300_000, 300_000, 0), sizes);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        try (TestCertificates certificates = TestCertificates.create();
                TestCertificates others = TestCertificates.create();
                SimulatedProvider provider = SimulatedProvider.start(
                        SimulatedProviderOptions.defaults().withWire(ProviderWire.tls(certificates.server())))) {
            Path authority = others.authority().writeCertificate(folder, "other");
            CallTarget target = new CallTarget(URI.create(provider.openAiBaseUrl()), authority);
            try (Lane cold = new Lane(CallKind.DIRECT_COLD, target, 1024)) {
                assertThrows(IOException.class, cold::call);
            }
        }
    }

    @Test
    void everyRecordedCallIsARowAndEveryKindALine() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            Path csv = folder.resolve("raw.csv");
            StringWriter out = new StringWriter();
            CommandLine command = new CommandLine(new DistanceCalls()).setOut(new PrintWriter(out));
            int code = command.execute(
                    "--direct",
                    provider.openAiBaseUrl(),
                    "--proxy",
                    provider.openAiBaseUrl(),
                    "--csv",
                    csv.toString(),
                    "--sizes",
                    "200,2000",
                    "--warm-up",
                    "1",
                    "--rounds",
                    "3",
                    "--idle-rounds",
                    "2",
                    "--idle-seconds",
                    "1",
                    "--ping-millis",
                    "200",
                    "--setting",
                    "here:1");
            assertEquals(0, code);
            List<String> rows = Files.readAllLines(csv);
            int kinds = CallKind.values().length;
            assertEquals(1 + (3 + 2) * 2 * kinds, rows.size());
            assertEquals(CallRecord.CSV_HEAD, rows.get(0));
            assertEquals(2 + 2 * 2 * kinds, out.toString().lines().count());
            for (CallKind kind : CallKind.values()) {
                assertEquals(
                        5 * 2,
                        rows.stream()
                                .filter(r -> r.contains("," + kind.word() + ","))
                                .count());
                String line = "| here:1 | 0 | 200 | " + kind.word() + " | 3 | ";
                assertEquals(
                        1,
                        out.toString().lines().filter(l -> l.startsWith(line)).count(),
                        out.toString());
            }
        }
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetween() {
        assertEquals(2.0, CallTable.median(List.of(1L, 2L, 9L)));
        assertEquals(2.5, CallTable.median(List.of(1L, 2L, 3L, 9L)));
        assertEquals(7.0, CallTable.median(List.of(7L)));
    }
}
