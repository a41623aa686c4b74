package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of models and its pages, as each dialect has them, of a configuration alone. */
final class ModelsTest {
    private static final Pattern ID = Pattern.compile("[{,]\"id\":\"([^\"]*)\"");
    private static final String PROVIDERS = """
            listen: { address: "127.0.0.1:0" }
            admin: { address: "127.0.0.1:0" }
            pool: { warm: 0 }
            providers: { first: { base_url: "http://first.test/v1", dialect: openai } }
            models:
            """;

    /** Many exact names, and none with a wildcard. */
    private static String numbered(int count) {
        StringBuilder yaml = new StringBuilder(PROVIDERS);
        for (int i = 0; i < count; i++) {
            yaml.append("  - { name: m").append(i).append(", targets: [ { provider: first } ] }\n");
        }
        return yaml.toString();
    }

    private static Http ask(EmbeddedProxy proxy, String request) {
        return Http.read(proxy.client().send(request).allReceived());
    }

    private static Http anthropic(EmbeddedProxy proxy, String path) {
        return ask(proxy, "GET " + path + " HTTP/1.1\r\nhost: p\r\nanthropic-version: 2023-06-01\r\n\r\n");
    }

    private static List<String> ids(Http page) {
        List<String> ids = new ArrayList<>();
        Matcher matcher = ID.matcher(page.text());
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        return ids;
    }

    private static List<String> names(int from, int to) {
        List<String> names = new ArrayList<>();
        for (int i = from; i < to; i++) {
            names.add("m" + i);
        }
        return names;
    }

    @ParameterizedTest
    @DisplayName("trap 49: which dialect the list speaks")
    @CsvSource(
            nullValues = "none",
            value = {
                "none, false",
                "anthropic-version: 2023-06-01, true",
                "x-api-key: k, true",
                "authorization: Bearer k, false",
                "'x-api-key: k\r\nauthorization: Bearer k', false",
                "'x-api-key: k\r\nauthorization: Bearer k\r\nanthropic-version: 1', true",
                "'user-agent: claude-cli/2.1 (external, cli)', true",
                "'authorization: Bearer k\r\nuser-agent: claude-cli/2.1', true",
                "user-agent: openai-python claude-cli, false",
                "user-agent: claude-cl, false",
            })
    void theFieldsTellWhichDialectTheListSpeaks(String fields, boolean anthropic) {
        try (EmbeddedProxy proxy = new EmbeddedProxy(numbered(1))) {
            String rest = " HTTP/1.1\r\nhost: p\r\n" + (fields == null ? "" : fields + "\r\n") + "\r\n";
            Http list = ask(proxy, "GET /v1/models" + rest);
            assertEquals(!anthropic, list.text().startsWith("{\"object\":\"list\",\"data\":["), list::text);
            Http one = ask(proxy, "GET /v1/models/m0" + rest);
            assertEquals(anthropic, one.text().startsWith("{\"type\":\"model\""), one::text);
            Http missing = ask(proxy, "GET /v1/models/other" + rest);
            assertEquals(404, missing.status());
            assertEquals(anthropic, missing.text().startsWith("{\"type\":\"error\""), missing::text);
        }
    }

    @Test
    void aPathThatHasADialectIsAnsweredInItWhateverTheFieldsSay() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            String body = "{\"model\":\"x\"}";
            String fields = "anthropic-version: 2023-06-01\r\nx-api-key: k\r\n";
            Http openai = ask(proxy, Requests.post("/v1/chat/completions", fields, body));
            assertTrue(openai.text().startsWith("{\"error\":"), openai::text);
        }
    }

    @Test
    void bothDialectsSayWhatTheyHaveToSay() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(numbered(1))) {
            assertEquals(
                    "{\"object\":\"list\",\"data\":["
                            + "{\"id\":\"m0\",\"object\":\"model\",\"created\":0,\"owned_by\":\"slipstream\"}]}",
                    ask(proxy, get("/v1/models")).text());
            assertEquals(
                    "{\"data\":[{\"type\":\"model\",\"id\":\"m0\",\"display_name\":\"m0\","
                            + "\"created_at\":\"1970-01-01T00:00:00Z\",\"lifecycle\":\"active\"}],"
                            + "\"has_more\":false,\"first_id\":\"m0\",\"last_id\":\"m0\"}",
                    anthropic(proxy, "/v1/models").text());
        }
        String none = PROVIDERS + "  - { name: \"*\", targets: [ { provider: first } ] }\n";
        try (EmbeddedProxy proxy = new EmbeddedProxy(none)) {
            assertEquals(
                    "{\"object\":\"list\",\"data\":[]}",
                    ask(proxy, get("/v1/models")).text());
            assertEquals(
                    "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}",
                    anthropic(proxy, "/v1/models").text());
        }
    }

    @ParameterizedTest
    @DisplayName("trap 49: has_more is false on the last page, in both directions")
    @CsvSource({
        "'', 0, 20, true",
        "?beta=true, 0, 20, true",
        "?limit=45, 0, 45, false",
        "?limit=44, 0, 44, true",
        "?limit=1000, 0, 45, false",
        "?limit=1, 0, 1, true",
        "?after_id=m19, 20, 40, true",
        "?after_id=m39, 40, 45, false",
        "?limit=5&after_id=m39, 40, 45, false",
        "?limit=4&after_id=m39, 40, 44, true",
        "?after_id=m44, 45, 45, false",
        "?before_id=m44, 24, 44, true",
        "?before_id=m20, 0, 20, false",
        "?before_id=m21&limit=20, 1, 21, true",
        "?before_id=m0, 0, 0, false",
        "?after_id=%6D19, 20, 40, true",
        "?limit=2&limit=3, 0, 3, true",
    })
    void anthropicsListHasPages(String query, int from, int to, boolean hasMore) {
        try (EmbeddedProxy proxy = new EmbeddedProxy(numbered(45))) {
            Http page = anthropic(proxy, "/v1/models" + query);
            assertEquals(200, page.status(), page::text);
            assertEquals(names(from, to), ids(page));
            String first = from == to ? "null" : "\"m" + from + "\"";
            String last = from == to ? "null" : "\"m" + (to - 1) + "\"";
            String end = "\"has_more\":" + hasMore + ",\"first_id\":" + first + ",\"last_id\":" + last + "}";
            assertTrue(page.text().endsWith(end), page::text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=0",
                "?limit=1001",
                "?limit=-1",
                "?limit=",
                "?limit",
                "?limit=1e2",
                "?limit=99999999999999999999",
                "?limit=%31x",
                "?after_id=nobody",
                "?before_id=nobody",
                "?after_id=m1&before_id=m3",
            })
    void aPageThatCannotBeIsRefusedInTheDialect(String query) {
        try (EmbeddedProxy proxy = new EmbeddedProxy(numbered(5))) {
            Http refused = anthropic(proxy, "/v1/models" + query);
            assertEquals(400, refused.status());
            assertTrue(refused.text().startsWith("{\"type\":\"error\""), refused::text);
            assertTrue(refused.text().contains("\"type\":\"invalid_request_error\""), refused::text);
        }
    }

    @Test
    void openAisListHasNoPages() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(numbered(45))) {
            assertEquals(names(0, 45), ids(ask(proxy, get("/v1/models?limit=0&after=m3"))));
        }
    }

    @Test
    void aNameMayHoldWhatAPathMayNot() {
        String yaml = PROVIDERS + """
                  - { name: "zai-org/GLM-4.6:free", targets: [ { provider: first } ] }
                  - { name: "gpt-oss-openai", targets: [ { provider: first } ] }
                  - { name: "claude-*", targets: [ { provider: first, model: glm } ] }
                  - { name: "open-*", targets: [ { provider: first } ] }
                """;
        try (EmbeddedProxy proxy = new EmbeddedProxy(yaml)) {
            for (String id : List.of("zai-org/GLM-4.6:free", "zai-org%2FGLM-4.6%3afree")) {
                assertEquals(List.of("zai-org/GLM-4.6:free"), ids(ask(proxy, get("/v1/models/" + id))), id);
            }
            assertEquals(
                    List.of("zai-org/GLM-4.6:free-anthropic"),
                    ids(ask(proxy, get("/v1/models/zai-org/GLM-4.6:free-anthropic"))));
            assertEquals(List.of("gpt-oss-openai"), ids(ask(proxy, get("/v1/models/gpt-oss-openai"))));
            // Whatever it is called, it is answered by the model glm.
            assertEquals(List.of("claude-x"), ids(ask(proxy, get("/v1/models/claude-x"))));
            Http unknown = ask(proxy, get("/v1/models/open-x"));
            assertEquals(404, unknown.status());
            assertTrue(unknown.text().contains("\"code\":\"model_not_found\""), unknown::text);
            assertEquals(404, ask(proxy, get("/v1/models/GPT-oss-openai")).status());
        }
    }

    @Test
    void aModelSaysTheContextThatItsClientIsToBelieve() {
        String yaml = PROVIDERS + """
                  - name: scaled
                    assumed_context: 200000
                    context_window: 131072
                    max_output_tokens: 98304
                    targets: [ { provider: first } ]
                  - { name: plain, context_window: 131072, targets: [ { provider: first } ] }
                  - { name: alone, assumed_context: 200000, targets: [ { provider: first } ] }
                """;
        try (EmbeddedProxy proxy = new EmbeddedProxy(yaml)) {
            assertEquals(
                    "\"max_input_tokens\":200000,\"max_tokens\":98304}",
                    tail(anthropic(proxy, "/v1/models/scaled").text()));
            assertEquals(
                    "\"max_input_tokens\":131072}",
                    tail(anthropic(proxy, "/v1/models/plain").text()));
            assertEquals("", tail(anthropic(proxy, "/v1/models/alone").text()));
            assertTrue(!ask(proxy, get("/v1/models/scaled")).text().contains("token"));
        }
    }

    private static String tail(String model) {
        int at = model.indexOf("\"max_input_tokens\"");
        return at < 0 ? "" : model.substring(at);
    }

    @Test
    void aLongListIsOneMemoryForAllClients() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(numbered(2000))) {
            for (int i = 0; i < 3; i++) {
                Http list = ask(proxy, get("/v1/models"));
                assertEquals(2000, ids(list).size());
                assertTrue(list.complete());
            }
            Http head = ask(proxy, get("/v1/models").replace("GET", "HEAD"));
            assertEquals(200, head.status());
            assertEquals(0, head.body().length);
        }
    }
}
