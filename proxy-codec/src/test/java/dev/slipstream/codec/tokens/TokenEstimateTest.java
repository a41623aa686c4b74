package dev.slipstream.codec.tokens;

import static dev.slipstream.codec.Dialect.ANTHROPIC;
import static dev.slipstream.codec.Dialect.OPENAI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenEstimate.Family;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TokenEstimateTest {
    /** A hundred words, each a token. */
    private static final String WORDS = "word ".repeat(100);

    private static long of(String request, Dialect dialect) {
        return TokenEstimate.of(tree(request), dialect, Family.OTHER);
    }

    private static JsonTree tree(String text) {
        JsonTree tree = new JsonTree();
        byte[] bytes = text.getBytes(UTF_8);
        tree.append(bytes, 0, bytes.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse(), text);
        return tree;
    }

    private static String anthropic(String blocks) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":[" + blocks + "]}]}";
    }

    private static String openai(String parts) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":[" + parts + "]}]}";
    }

    @Test
    @DisplayName("trap 48: never 0, whatever was sent")
    void neverZero() {
        for (String request : List.of(
                "{}",
                "[]",
                "7",
                "null",
                "\"x\"",
                "{\"messages\":[]}",
                "{\"messages\":7,\"tools\":{}}",
                "{\"messages\":[7,null,[]],\"system\":[7],\"tools\":[7,{}],\"model\":7}")) {
            assertTrue(of(request, ANTHROPIC) > 0, request);
            assertTrue(of(request, OPENAI) > 0, request);
        }
    }

    @Test
    @DisplayName("trap 48: all that the model reads counts")
    void everythingCounts() {
        long nothing = of(anthropic(""), ANTHROPIC);
        for (String block : List.of(
                "{\"type\":\"text\",\"text\":\"W\"}",
                "{\"type\":\"thinking\",\"thinking\":\"W\",\"signature\":\"s\"}",
                "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":[\"W\"]}}",
                "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"W\":1}}",
                "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"W\"}",
                "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[{\"type\":\"text\",\"text\":\"W\"}]}",
                "{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"W\"}}",
                "{\"type\":\"document\",\"source\":{\"type\":\"content\",\"content\":[{\"type\":\"text\",\"text\":\"W\"}]}}",
                "{\"type\":\"document\",\"title\":\"W\",\"source\":{\"type\":\"text\",\"data\":\"\"}}",
                "{\"type\":\"search_result\",\"content\":[{\"type\":\"text\",\"text\":\"W\"}]}",
                "{\"type\":\"of_tomorrow\",\"what\":{\"it\":\"W\"}}",
                "\"W\"")) {
            long more = of(anthropic(block.replace("W", WORDS)), ANTHROPIC) - nothing;
            assertTrue(more >= 90 && more <= 130, block + ": " + more);
        }
        for (String request : List.of(
                "{\"system\":\"W\"}",
                "{\"system\":[{\"type\":\"text\",\"text\":\"W\",\"cache_control\":{\"type\":\"ephemeral\"}}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"W\"}]}",
                "{\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"description\":\"W\"}}}}")) {
            long more = of(request.replace("W", WORDS), ANTHROPIC) - of(request.replace("W", ""), ANTHROPIC);
            assertTrue(more >= 95 && more <= 105, request + ": " + more);
        }
        for (String tool : List.of(
                "{\"name\":\"f\",\"description\":\"W\",\"input_schema\":{\"type\":\"object\"}}",
                "{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"description\":\"W\"}}}}",
                "{\"type\":\"custom\",\"name\":\"W\",\"input_schema\":{}}")) {
            String request = "{\"tools\":[" + tool + "]}";
            long more = of(request.replace("W", WORDS), ANTHROPIC) - of(request.replace("W", ""), ANTHROPIC);
            assertTrue(more >= 95 && more <= 105, request + ": " + more);
        }
    }

    @Test
    void everythingCountsInTheOtherDialectToo() {
        for (String request : List.of(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"W\"}]}",
                "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"t\",\"content\":\"W\"}]}",
                "{\"messages\":[{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"W\"}]}",
                "{\"messages\":[{\"role\":\"assistant\",\"refusal\":\"W\"}]}",
                "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"W\\\"}\"}}]}]}",
                "{\"messages\":[{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\",\"arguments\":\"W\"}}]}",
                "{\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"W\",\"parameters\":{}}}]}",
                "{\"functions\":[{\"name\":\"f\",\"parameters\":{\"properties\":{\"a\":{\"description\":\"W\"}}}}]}",
                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"description\":\"W\"}}}}",
                openai("{\"type\":\"text\",\"text\":\"W\"}"))) {
            long more = of(request.replace("W", WORDS), OPENAI) - of(request.replace("W", ""), OPENAI);
            assertTrue(more >= 95 && more <= 105, request + ": " + more);
        }
    }

    @Test
    void imagesAreFlatAndBase64IsNoText() {
        String data = "iVBORw0KGgo".repeat(100_000);
        long image = of(anthropic(""), ANTHROPIC) + TokenEstimate.IMAGE_TOKENS;
        String block = "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\""
                + data + "\"}}";
        assertEquals(image, of(anthropic(block), ANTHROPIC));
        assertEquals(
                image, of(anthropic("{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"u\"}}"), ANTHROPIC));
        assertTrue(of(anthropic("{\"type\":\"tool_result\",\"content\":[" + block + "," + block + "]}"), ANTHROPIC)
                < image + TokenEstimate.IMAGE_TOKENS + 20);
        for (String url :
                List.of("{\"url\":\"data:image/png;base64," + data + "\"}", "\"data:image/png;base64," + data + "\"")) {
            assertEquals(image, of(openai("{\"type\":\"image_url\",\"image_url\":" + url + "}"), OPENAI));
        }
    }

    @Test
    void documentsCountByTheirSize() {
        String data = "JVBERi0xLjQK".repeat(100_000);
        for (String block : List.of(
                "{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"D\"}}",
                "{\"type\":\"file\",\"file\":{\"filename\":\"f\",\"file_data\":\"D\"}}",
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"D\",\"format\":\"wav\"}}")) {
            assertEquals(7 + 1_200_000 / 16, of(anthropic(block.replace("D", data)), ANTHROPIC), block);
            assertEquals(7 + 1500, of(anthropic(block), ANTHROPIC), block);
        }
        assertEquals(
                7 + 1500,
                of(anthropic("{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"u\"}}"), ANTHROPIC));
    }

    @Test
    void theFamilyFollowsTheNameOfTheModel() {
        String tools = ",\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}]";
        long other = TokenEstimate.of(tree("{\"model\":\"glm-4.7\"" + tools + "}"), ANTHROPIC);
        for (String model : List.of("claude-sonnet-5", "anthropic/Claude-X", "us.claude")) {
            assertTrue(TokenEstimate.of(tree("{\"model\":\"" + model + "\"" + tools + "}"), ANTHROPIC) > other + 300);
        }
        for (String model : List.of("", "c", "claud", "clau de")) {
            assertEquals(other, TokenEstimate.of(tree("{\"model\":\"" + model + "\"" + tools + "}"), ANTHROPIC));
        }
        // Forced, Claude's prompt is the shorter.
        assertTrue(TokenEstimate.of(
                        tree("{\"model\":\"claude\",\"tool_choice\":{\"type\":\"any\"}" + tools + "}"), ANTHROPIC)
                < TokenEstimate.of(tree("{\"model\":\"claude\"" + tools + "}"), ANTHROPIC));
        long known =
                TokenEstimate.of(tree("{\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"w\"}]}"), ANTHROPIC);
        assertTrue(known > other + 570 && known < other + 610, known + " to " + other);
    }

    @Test
    void howTheTextIsEscapedAndTheJsonLaidOutDoesNotMatter() {
        assertEquals(
                of(anthropic("{\"type\":\"text\",\"text\":\"日本語 a\"}"), ANTHROPIC),
                of(anthropic("{\"type\":\"text\",\"text\":\"\\u65e5\\u672c\\u8a9e a\"}"), ANTHROPIC));
        assertEquals(
                of(anthropic("{\"type\":\"text\",\"text\":\"🚀é\"}"), ANTHROPIC),
                of(anthropic("{\"type\":\"text\",\"text\":\"\\ud83d\\ude80\\u00e9\"}"), ANTHROPIC));
        String tool =
                "{\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1,true,null]}}}}]}";
        assertEquals(
                of(tool, ANTHROPIC),
                of(tool.replace(",", " ,\n    ").replace(":", " : ").replace("{", "{\n\t"), ANTHROPIC));
    }

    @Test
    void deepNestingIsBounded() {
        String deep = anthropic("{\"type\":\"tool_result\",\"content\":[".repeat(120) + "]}".repeat(120));
        assertTrue(of(deep, ANTHROPIC) > 100);
    }

    @Test
    void anEstimateAllocatesNoMoreThanItself() {
        JsonTree tree = tree(anthropic("{\"type\":\"text\",\"text\":\"" + "some text, é\\n".repeat(50_000) + "\"}"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            assertTrue(TokenEstimate.of(tree, ANTHROPIC) > 100_000);
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertTrue(least <= 64, least + " bytes");
    }
}
