package dev.slipstream.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.metrics.Stage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of stages and the names users see are one order. */
final class ProxyPipelineTest {
    @Test
    void theHandlersStandInTheOrderOfTheStages() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            List<Stage> steps = proxy.pipeline().steps().stream()
                    .map(ProxyPipeline.Step::stage)
                    .toList();
            assertEquals(steps.stream().sorted().toList(), steps);
            assertEquals(
                    List.of(
                            Stage.AUTH,
                            Stage.ADMISSION,
                            Stage.BODY_SCAN,
                            Stage.ROUTE,
                            Stage.QUOTA,
                            Stage.CACHE,
                            Stage.DISPATCH),
                    steps);
        }
    }

    @Test
    void theFirstBytesTellWhatIsSpoken() {
        List<String> stages = new ArrayList<>(List.of("ingress"));
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.pipeline().steps().forEach(step -> stages.add(step.stage().label()));
            EmbeddedPeer h1 = proxy.client();
            h1.send("P");
            assertInstanceOf(FirstBytes.class, h1.channel().pipeline().get("ingress"));
            h1.send("O");
            assertInstanceOf(H1Ingress.class, h1.channel().pipeline().get("ingress"));
            assertEquals(stages, h1.channel().pipeline().names().subList(0, stages.size()));
            EmbeddedPeer h2 = proxy.client();
            for (int i = 0; i < preface.length(); i++) {
                assertInstanceOf(FirstBytes.class, h2.channel().pipeline().get("ingress"));
                h2.send(preface.substring(i, i + 1));
            }
            assertInstanceOf(H2Ingress.class, h2.channel().pipeline().get("ingress"));
            assertEquals(stages, h2.channel().pipeline().names().subList(0, stages.size()));
        }
    }

    @Test
    void aStagesHandlerIsNamedAfterIt() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            for (ProxyPipeline.Step step : proxy.pipeline().steps()) {
                String name = step.handler().getClass().getSimpleName().replace("Handler", "");
                assertTrue(
                        step.stage().label().replace("_", "").equalsIgnoreCase(name),
                        () -> step.stage() + " is handled by " + name);
            }
        }
    }
}
