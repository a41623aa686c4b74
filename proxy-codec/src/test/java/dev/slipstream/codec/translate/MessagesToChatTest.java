package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.ANTHROPIC;
import static dev.slipstream.codec.translate.Translating.assertRefused;
import static dev.slipstream.codec.translate.Translating.chat;
import static dev.slipstream.codec.translate.Translating.json;
import static dev.slipstream.codec.translate.Translating.message;
import static dev.slipstream.codec.translate.Translating.messageCount;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Messages of an Anthropic client as OpenAI's servers get them; everything passes the strict validator of those too. */
class MessagesToChatTest {
    private static final ProviderTraits COMPATIBLE = ProviderTraits.OPENAI_COMPATIBLE;
    private static final String HI = "{'role':'user','content':'hi'}";
    private static final String CALL = "{'role':'assistant','content':[{'type':'text','text':'I add.'},"
            + "{'type':'tool_use','id':'toolu_1','name':'add','input':{ 'a' : [1.50, \"\\u00e9\\n\"] }}]}";
    private static final String PNG =
            "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AAAA'}}";
    private static final String PNG_PART = "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}";

    private static String request(String history) {
        return "{'model':'m','max_tokens':100,'messages':[" + history + "]}";
    }

    private static Map<String, Object> of(String history) {
        return chat(request(history));
    }

    private static String user(String blocks) {
        return "{'role':'user','content':[" + blocks + "]}";
    }

    private static String result(String content) {
        return "{'type':'tool_result','tool_use_id':'toolu_1'" + (content.isEmpty() ? "" : ",'content':" + content)
                + "}";
    }

    @Test
    void aQuestionIsSent() {
        assertEquals(
                json("{'model':'some-model','max_tokens':100,'messages':[{'role':'user','content':'hi'}]}"), of(HI));
    }

    @Test
    @DisplayName("trap 1: empty texts are not sent, nor a message that has nothing else")
    void emptyTextsVanish() {
        String empty = "{'type':'text','text':''}";
        Map<String, Object> document = of(
                user(empty + ",{'type':'text','text':'hi'}") + ",{'role':'assistant','content':[" + empty + "]}," + HI);
        assertEquals(json("[{'role':'user','content':'hi\\nhi'}]"), document.get("messages"));
        assertRefused(ANTHROPIC, request(user(empty)), COMPATIBLE, "messages", "no message has any content");
    }

    @Test
    void theSystemPromptLeadsInOneMessageWithoutWhatChangesEachTime() {
        String system = "'system':[{'type':'text','text':'x-anthropic-billing-header: cc_version=2'},"
                + "{'type':'text','text':'You help.','cache_control':{'type':'ephemeral'}},{'type':'text','text':'Shortly.'}]";
        Map<String, Object> document = chat(
                request(HI + ",{'role':'system','content':'Now in French.'}").replace("'model'", system + ",'model'"));
        assertEquals(json("{'role':'system','content':'You help.\\nShortly.\\nNow in French.'}"), message(document, 0));
        assertEquals(2, messageCount(document));
    }

    @Test
    @DisplayName("trap 17: the developer's role is for OpenAI's own reasoning models")
    void rolesOfTheSystemPrompt() {
        String json = request(HI).replace("'model'", "'system':'s','model'");
        assertEquals(
                "developer",
                message(chat(json, ProviderTraits.OPENAI, "gpt-5.1"), 0).get("role"));
        assertEquals(
                "system",
                message(chat(json, ProviderTraits.OPENAI, "gpt-4o"), 0).get("role"));
        assertEquals("system", message(chat(json, COMPATIBLE, "gpt-5.1"), 0).get("role"));
        assertEquals(
                "system", message(chat(json, ProviderTraits.ZAI, "glm-4.7"), 0).get("role"));
    }

    @Test
    @DisplayName(
            "trap 2: results follow their calls directly, in however many messages they came, and words come after")
    void resultsFollowTheirCalls() {
        String calls = "{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{}},"
                + "{'type':'tool_use','id':'b','name':'g','input':{}}]}";
        Map<String, Object> document = of(HI + "," + calls + ","
                + user("{'type':'text','text':'first'},{'type':'tool_result','tool_use_id':'b','content':'2'}") + ","
                + user("{'type':'tool_result','tool_use_id':'a','content':[{'type':'text','text':'1'},"
                        + "{'type':'text','text':'one'}]},{'type':'text','text':'and?'}"));
        assertEquals(
                json("[{'role':'tool','tool_call_id':'b','content':'2'},"
                        + "{'role':'tool','tool_call_id':'a','content':'1\\none'},"
                        + "{'role':'user','content':'first\\nand?'}]"),
                Checks.list(document.get("messages"), "messages").subList(2, 5));
    }

    @Test
    @DisplayName("trap 2: a call without a result is given one, a result without a call is told as text")
    void halvesAreMended() {
        Map<String, Object> document = of(HI + "," + CALL + "," + HI);
        assertEquals(
                json("{'role':'tool','tool_call_id':'toolu_1','content':'Error: this call was given no result.'}"),
                message(document, 2));
        assertEquals("tool", message(of(HI + "," + CALL), 2).get("role"));
        assertEquals(
                json("{'role':'user','content':'Result of the tool call toolu_1:\\n3'}"),
                message(of(user(result("'3'"))), 0));
    }

    @Test
    @DisplayName("trap 3: ids that a provider does not take are written alike for the call and its result")
    void idsFitTheProvider() {
        String json = request(HI + "," + CALL + "," + user(result("'3'")));
        for (ProviderTraits to : new ProviderTraits[] {ProviderTraits.MISTRAL, ProviderTraits.OPENAI}) {
            // The validator knows their patterns, and that each result has its call.
            chat(json.replace("toolu_1", "toolu_bdrk_" + "x".repeat(60)), to);
        }
        assertTrue(chat(json, ProviderTraits.OPENAI).toString().contains("id=toolu_1,"));
    }

    @Test
    @DisplayName("trap 20: input becomes text, whatever it was")
    void inputBecomesText() {
        assertEquals("{\"a\":[1.50,\"\u00e9\\n\"]}", arguments(CALL));
        assertEquals("{}", arguments(CALL.replace(",'input':{ 'a' : [1.50, \"\\u00e9\\n\"] }", "")));
        assertEquals("{}", arguments(withInput("null")));
        assertEquals("{}", arguments(withInput("''")));
        assertEquals("{\"a\":1}", arguments(withInput("'{\\\"a\\\":1}'")));
        assertEquals("{\"input\":\"{\\\"a\\\":\"}", arguments(withInput("'{\\\"a\\\":'")));
        assertEquals("{\"input\":[1]}", arguments(withInput("[1]")));
    }

    private static String withInput(String input) {
        return CALL.replace("{ 'a' : [1.50, \"\\u00e9\\n\"] }", input);
    }

    private static String arguments(String call) {
        Map<String, Object> answer = message(of(HI + "," + call), 1);
        Map<String, Object> one =
                Checks.object(Checks.list(answer.get("tool_calls"), "calls").get(0), "call");
        String arguments =
                Checks.text(Checks.object(one.get("function"), "function").get("arguments"), "arguments");
        return arguments.replace("\\u00e9", "\u00e9");
    }

    @Test
    void anAnswerWithoutTextIsNullToOpenAiAndEmptyToOthers() {
        String json = request(HI + "," + CALL.replace("I add.", "") + "," + user(result("'3'")));
        assertNull(message(chat(json, ProviderTraits.OPENAI), 1).get("content"));
        assertEquals("", message(chat(json, ProviderTraits.ZAI), 1).get("content"));
        assertEquals(
                json("{'role':'assistant','content':'ab'}"),
                message(
                        of(HI + ",{'role':'assistant','content':[{'type':'text','text':'a'},"
                                + "{'type':'text','text':'b'}]}"),
                        1));
    }

    @Test
    @DisplayName("trap 7: images that a tool showed follow in a message of the user that names the call")
    void imagesOfToolsFollow() {
        Map<String, Object> document =
                of(HI + "," + CALL + "," + user(result("[" + PNG + "]") + ",{'type':'text','text':'look'}"));
        assertEquals(
                json("[{'role':'tool','tool_call_id':'toolu_1','content':'[shown in the next message]'},"
                        + "{'role':'user','content':[{'type':'text','text':'Shown by the tool call toolu_1:'},"
                        + PNG_PART
                        + ",{'type':'text','text':'look'}]}]"),
                Checks.list(document.get("messages"), "messages").subList(2, 4));
    }

    @Test
    void resultsOfAllKindsBecomeText() {
        assertEquals("", told("{'type':'tool_result','tool_use_id':'toolu_1'}"));
        assertEquals("", told(result("[]")));
        assertEquals(
                "Error: no file",
                told("{'type':'tool_result','tool_use_id':'toolu_1','is_error':true,'content':'no file'}"));
        assertEquals(
                "t\ns\nfound\nread_file\nc\n[a document that this model cannot read]",
                told(
                        result(
                                "[{'type':'search_result','title':'t','source':'s','content':[{'type':'text','text':'found'}]},"
                                        + "{'type':'tool_reference','tool_name':'read_file'},{'type':'document','source':"
                                        + "{'type':'content','content':'c'}},{'type':'document','source':{'type':'url','url':'u'}}]")));
    }

    private static @Nullable Object told(String result) {
        return message(of(HI + "," + CALL + "," + user(result)), 2).get("content");
    }

    @Test
    void imagesAndTextsBecomeParts() {
        Map<String, Object> document = of(user("{'type':'text','text':'What?'}," + PNG
                + ",{'type':'image','source':{'type':'url','url':'https://example.com/a.png'}}"));
        assertEquals(
                json("[{'type':'text','text':'What?'}," + PNG_PART
                        + ",{'type':'image_url','image_url':{'url':'https://example.com/a.png'}}]"),
                message(document, 0).get("content"));
        assertRefused(
                ANTHROPIC,
                request(HI + "," + user("{'type':'image','source':{'type':'file','file_id':'file_1'}}")),
                COMPATIBLE,
                "messages.1.content.0.source",
                "the image itself");
    }

    @Test
    void documentsBecomeTextOrFiles() {
        String text = "{'type':'document','title':'T','context':'C','source':"
                + "{'type':'text','media_type':'text/plain','data':'all of it'}}";
        assertEquals("T\nC\nall of it", message(of(user(text)), 0).get("content"));
        String pdf = "{'type':'document','title':'a.pdf','source':"
                + "{'type':'base64','media_type':'application/pdf','data':'AAAA'}}";
        assertEquals(
                json("[{'type':'text','text':'a.pdf'},{'type':'file','file':{'filename':'a.pdf',"
                        + "'file_data':'data:application/pdf;base64,AAAA'}}]"),
                message(chat(request(user(pdf)), ProviderTraits.OPENAI), 0).get("content"));
        assertRefused(
                ANTHROPIC, request(user(pdf)), COMPATIBLE, "messages.0.content.0.source", "takes no such document");
        String nested =
                "{'type':'document','source':{'type':'content','content':[{'type':'text','text':'t'}," + PNG + "]}}";
        assertEquals(
                json("[{'type':'text','text':'t'}," + PNG_PART + "]"),
                message(of(user(nested)), 0).get("content"));
    }

    @Test
    void toolsThatAnthropicRunsGoAsAPair() {
        Map<String, Object> document = of(HI
                + ",{'role':'assistant','content':[{'type':'server_tool_use','id':'s','name':'web_search','input':{}},"
                + "{'type':'web_search_tool_result','tool_use_id':'s','content':[]},{'type':'mcp_tool_use','id':'x',"
                + "'name':'n','input':{}},{'type':'mcp_tool_result','tool_use_id':'x','content':[]},"
                + "{'type':'text','text':'found'}]},"
                + user("{'type':'container_upload','file_id':'f'},{'type':'text','text':'ok'}"));
        assertEquals(
                json("[{'role':'user','content':'hi'},{'role':'assistant','content':'found'},"
                        + "{'role':'user','content':'ok'}]"),
                document.get("messages"));
    }

    @Test
    void thinkingGoesBackToWhoWantsItAndNowhereElse() {
        String thinking =
                HI + ",{'role':'assistant','content':[{'type':'thinking','thinking':'h\\u006dm','signature':'s'},"
                        + "{'type':'redacted_thinking','data':'x'},{'type':'text','text':'a'}]}," + HI;
        assertEquals(json("{'role':'assistant','content':'a'}"), message(of(thinking), 1));
        assertEquals(
                json("{'role':'assistant','content':'a','reasoning_content':'hmm'}"),
                message(chat(request(thinking), ProviderTraits.ZAI), 1));
        String alone = thinking.replace(",{'type':'text','text':'a'}", "");
        assertEquals(json("[{'role':'user','content':'hi\\nhi'}]"), of(alone).get("messages"));
        assertEquals(
                json("{'role':'assistant','content':'','reasoning_content':'hmm'}"),
                message(chat(request(alone), ProviderTraits.DEEPSEEK), 1));
    }

    @Test
    void aBlockOfANewKindIsTakenByItsText() {
        Map<String, Object> document =
                of(user("{'type':'newest','text':'t'},{'type':'compaction','content':'c'},{'type':'other','x':{}}"));
        assertEquals("t\nc", message(document, 0).get("content"));
    }

    @Test
    void whatIsNoMessageIsRefusedByItsPlace() {
        assertRefused(ANTHROPIC, "{'max_tokens':1}", COMPATIBLE, "messages", "required");
        assertRefused(ANTHROPIC, request(HI + ",7"), COMPATIBLE, "messages.1", "messages.1: a message must");
        assertRefused(ANTHROPIC, request("{'role':'tool','content':''}"), COMPATIBLE, "messages.0.role", "role");
        assertRefused(ANTHROPIC, request(user("7")), COMPATIBLE, "messages.0.content.0", "type");
        assertRefused(
                ANTHROPIC,
                request(HI + ",{'role':'assistant','content':[{'type':'tool_use','id':'a'}]}"),
                COMPATIBLE,
                "messages.1.content.0",
                "name");
    }

    @Test
    void aMegabyteOfImageIsNotCopied() {
        String base64 = "iVBORw0KGgo".repeat(100_000);
        Translating one = new Translating();
        byte[] json = Translating.quoted(request(user(PNG.replace("AAAA", base64))));
        assertTrue(one.translate(ANTHROPIC, json, COMPATIBLE, "m"));
        assertEquals(1, one.out().noteCount());
        assertEquals(base64.length(), one.out().noteEnd(0) - one.out().noteStart(0));
        assertTrue(one.out().length() < 500, "own bytes: " + one.out().length());
        byte[] chat = one.bytes();
        assertTrue(new String(chat, StandardCharsets.UTF_8).contains("data:image/png;base64," + base64 + "\""));

        Translating back = new Translating();
        assertTrue(back.translate(dev.slipstream.codec.Dialect.OPENAI, chat, ProviderTraits.ANTHROPIC, "m"));
        assertEquals(1, back.out().noteCount());
        assertEquals(base64.length(), back.out().noteEnd(0) - back.out().noteStart(0));
        assertTrue(back.out().length() < 500, "own bytes: " + back.out().length());
        back.document();
    }
}
