package dev.slipstream.bench.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Recorded exchanges")
class RecordedExchangesTest {
    @Test
    @DisplayName("that are bundled are diverse, and each names its source and licence")
    void bundled() throws IOException {
        List<RecordedExchange> exchanges = RecordedExchanges.bundled();
        Set<Integer> statuses = new HashSet<>();
        Set<String> shapes = new HashSet<>();
        for (RecordedExchange exchange : exchanges) {
            statuses.add(exchange.response().status());
            shapes.add(exchange.dialect() + (exchange.streaming() ? " stream" : " whole"));
            assertFalse(exchange.id().isEmpty());
            assertTrue(exchange.source().repository().contains("/"), exchange.id());
            assertEquals(40, exchange.source().commit().length(), exchange.id());
            assertTrue(List.of("MIT", "Apache-2.0", "Apache-2.0 OR BSD-3-Clause")
                    .contains(exchange.source().licence()));
            assertFalse(exchange.response().headers().containsKey("set-cookie"));
            assertFalse(exchange.request().headers().containsKey("authorization"));
        }
        assertEquals(Set.of(200, 400, 401, 404, 429), statuses);
        assertEquals(4, shapes.size());
        assertTrue(exchanges.stream().anyMatch(e -> e.kind().equals("count_tokens")));
        assertTrue(exchanges.stream().anyMatch(e -> e.response().body().contains("\r\n")));
        assertTrue(exchanges.stream().anyMatch(e -> e.features().contains("non_ascii_response")));
    }

    @Test
    @DisplayName("are read from a file, blank lines aside")
    void fromFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("some.jsonl");
        Files.writeString(file, """

                {"id":"a","source":{"repo":"o/r","path":"p","commit":"c","licence":"MIT"},"dialect":"openai",\
                "kind":"models","model":null,"streaming":false,"features":["f"],\
                "request":{"method":"GET","path":"/v1/models","headers":{"Accept":"*/*"},"body":""},\
                "response":{"status":200,"headers":{},"body":"é\\r\\n"}}
                """);
        RecordedExchange exchange = RecordedExchanges.load(file).get(0);
        assertEquals(Dialect.OPENAI, exchange.dialect());
        assertEquals("*/*", exchange.request().headers().get("accept"));
        assertEquals("é\r\n", exchange.response().body());
        assertEquals("", exchange.model());
    }

    @Test
    @DisplayName("that cannot be read name their line")
    void badLine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("bad.jsonl");
        Files.writeString(file, "\n{\"dialect\":\"openai\",\"request\":{},\"response\":{\"status\":200}}\n");
        IOException refused = assertThrows(IOException.class, () -> RecordedExchanges.load(file));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("line 2: "), refused.getMessage());
    }
}
