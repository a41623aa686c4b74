package dev.slipstream.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.metrics.Stage;
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
            List<String> names = proxy.client().channel().pipeline().names();
            assertEquals("ingress", names.get(0));
            assertEquals(steps.stream().map(Stage::label).toList(), names.subList(1, 1 + steps.size()));
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
