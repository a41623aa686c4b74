package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import java.util.Set;

/**
 * Any bytes as the body of an error, with any status: no exception, a status that is an error's, and both envelopes well
 * formed and of bounded length. Runs over its seeds as an ordinary test; {@code scripts/fuzz} fuzzes.
 */
class ProviderErrorFuzzTest {
    private static final int[] STATUSES = {0, 200, 302, 400, 401, 404, 429, 500, 503, 529, 600};

    @FuzzTest(maxDuration = "5m")
    void anyBytesAsAnError(byte[] body) {
        ProviderError error = new ProviderError();
        for (int status : STATUSES) {
            error.read(status, body, 0, body.length);
            for (Dialect client : Dialect.values()) {
                int told = error.statusFor(client);
                assertTrue(told >= 400 && told <= 599, () -> "status " + told);
            }
            JsonOutput out = new JsonOutput();
            error.writeAnthropic(out, "req_1");
            assertTrue(out.length() < 64 * 1024, () -> out.length() + " bytes");
            AnthropicShape.error(ParsedJson.object(out.bytes(), out.length()));
            out.reset(false);
            error.writeOpenAi(out);
            assertEquals(
                    Set.of("message", "type", "param", "code"),
                    ParsedJson.objectAt(ParsedJson.object(out.bytes(), out.length()), "error")
                            .keySet());
        }
        JsonTree tree = new JsonTree();
        tree.append(body, 0, body.length);
        if (tree.parse() == JsonStatus.COMPLETE) {
            ProviderError.isError(tree);
        }
    }
}
