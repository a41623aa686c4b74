package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The question for usage goes in; every other byte stays. */
final class UsageInjectionTest {
    private final JsonOutput out = new JsonOutput();

    private boolean inject(String request) {
        JsonTree tree = new JsonTree();
        byte[] bytes = request.getBytes(UTF_8);
        tree.append(bytes, 0, bytes.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse());
        out.reset(false);
        return UsageInjection.inject(tree, "\"there\"".getBytes(UTF_8), out, new TranslatedRequest());
    }

    private String injected(String request) {
        inject(request);
        return new String(out.bytes(), 0, out.length(), UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"here\", \"stream\":true, \"n\":1.0 }"
                        + "|{\"model\":\"there\", \"stream\":true, \"n\":1.0 ,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream_options\":{},\"stream\":true,\"model\":\"here\"}"
                        + "|{\"stream_options\":{\"include_usage\":true},\"stream\":true,\"model\":\"there\"}",
                "{\"stream\":true,\"model\":\"here\",\"stream_options\":{\"x\":[1]}}"
                        + "|{\"stream\":true,\"model\":\"there\",\"stream_options\":{\"include_usage\":true,\"x\":[1]}}",
                "{\"stream\":true,\"model\":\"here\",\"stream_options\":{\"a\":1,\"include_usage\":false,\"b\":2}}"
                        + "|{\"stream\":true,\"model\":\"there\",\"stream_options\":{\"a\":1,\"include_usage\":true,\"b\":2}}",
                "{\"stream\":true,\"stream_options\":null,\"model\":\"here\"}"
                        + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"there\"}",
            })
    void theQuestionGoesInAndEveryOtherByteStays(String request, String expected) {
        assertEquals(expected, injected(request));
    }

    @Test
    void whoAsksAlreadyOrWantsNoStreamIsLeftAlone() {
        assertFalse(inject("{\"model\":\"here\"}"));
        assertFalse(inject("{\"model\":\"here\",\"stream\":false}"));
        assertFalse(inject("{\"model\":\"here\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"));
        assertEquals(0, out.length());
    }
}
