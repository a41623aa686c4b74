package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.OPENAI;
import static dev.slipstream.codec.translate.Translating.assertAbsent;
import static dev.slipstream.codec.translate.Translating.assertRefused;
import static dev.slipstream.codec.translate.Translating.json;
import static dev.slipstream.codec.translate.Translating.message;
import static dev.slipstream.codec.translate.Translating.messageCount;
import static dev.slipstream.codec.translate.Translating.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Messages of an OpenAI client as Anthropic gets them; everything passes the strict validator of its requests too. */
class ChatToMessagesTest {
    private static final ProviderTraits ANTHROPIC = ProviderTraits.ANTHROPIC;
    private static final String HI = "{'role':'user','content':'hi'}";
    private static final String CALL =
            "{'role':'assistant','content':null,'tool_calls':[{'id':'call_1','type':'function','function':"
                    + "{'name':'add','arguments':'{}'}}]}";

    private static Map<String, Object> of(String history) {
        return messages("{'model':'m','messages':[" + history + "]}");
    }

    private static Map<String, Object> calling(String arguments) {
        return messages("{'model':'m','messages':[" + HI + "," + CALL.replace("'{}'", arguments)
                + ",{'role':'tool','tool_call_id':'call_1','content':'3'}]}");
    }

    @Test
    void aQuestionIsSentWithTheLimitThatAnthropicWants() {
        assertEquals(
                json("{'model':'some-model','max_tokens':4096,'messages':"
                        + "[{'role':'user','content':[{'type':'text','text':'hi'}]}]}"),
                of(HI));
    }

    @Test
    @DisplayName("trap 1: an empty or blank text becomes no text block")
    void blankTextsVanish() {
        Map<String, Object> document = of(
                "{'role':'system','content':''},{'role':'user','content':[{'type':'text','text':' \\n\\u00a0'},"
                        + "{'type':'text','text':'hi'}]},{'role':'assistant','content':''},{'role':'user','content':''}");
        assertAbsent(document, "system");
        assertEquals(json("[{'role':'user','content':[{'type':'text','text':'hi'}]}]"), document.get("messages"));
    }

    @Test
    @DisplayName("trap 1: a turn of the user that is blank is not left empty")
    void aBlankTurnHasAPlaceholder() {
        Map<String, Object> document = of("{'role':'user','content':' '},{'role':'assistant','content':'yes?'}," + HI);
        assertEquals(
                json("[{'type':'text','text':'...'}]"), message(document, 0).get("content"));
    }

    @Test
    void systemAndDeveloperMessagesFromAnywhereLeadInTheirOrder() {
        Map<String, Object> document = of("{'role':'system','content':'one'}," + HI
                + ",{'role':'developer','content':[{'type':'text','text':'two'}]},{'role':'user','content':'there'}");
        assertEquals(json("[{'type':'text','text':'one'},{'type':'text','text':'two'}]"), document.get("system"));
        assertEquals(
                json("[{'type':'text','text':'hi'},{'type':'text','text':'there'}]"),
                message(document, 0).get("content"));
        assertEquals(1, messageCount(document));
    }

    @Test
    void aSystemPromptAloneGetsAUserToAnswer() {
        assertEquals(
                "user", message(of("{'role':'system','content':'Say hi.'}"), 0).get("role"));
    }

    @Test
    void aHistoryThatTheAssistantBeginsGetsAUserBefore() {
        assertEquals(
                "user",
                message(of("{'role':'assistant','content':'Hello'}," + HI), 0).get("role"));
    }

    @Test
    @DisplayName("trap 2: results of parallel calls lead one message of the user, in their order, and his words follow")
    void resultsLeadOneMessage() {
        Map<String, Object> document = of(HI
                + ",{'role':'assistant','tool_calls':[{'id':'a','type':'function','function':{'name':'f','arguments':'{}'}},"
                + "{'id':'b','type':'function','function':{'name':'g','arguments':'{}'}}]}"
                + ",{'role':'tool','tool_call_id':'b','content':'2'},{'role':'tool','tool_call_id':'a','content':'1'}"
                + ",{'role':'user','content':'and?'}");
        assertEquals(
                json("[{'type':'tool_result','tool_use_id':'b','content':[{'type':'text','text':'2'}]},"
                        + "{'type':'tool_result','tool_use_id':'a','content':[{'type':'text','text':'1'}]},"
                        + "{'type':'text','text':'and?'}]"),
                message(document, 2).get("content"));
    }

    @Test
    @DisplayName("trap 2: words between a call and its result do not part them")
    void wordsBetweenCallAndResultFollowTheResult() {
        Map<String, Object> document =
                of(HI + "," + CALL + "," + HI + ",{'role':'tool','tool_call_id':'call_1','content':'3'}");
        assertEquals(
                json("[{'type':'tool_result','tool_use_id':'call_1','content':[{'type':'text','text':'3'}]},"
                        + "{'type':'text','text':'hi'}]"),
                message(document, 2).get("content"));
    }

    @Test
    @DisplayName("trap 2: a call without a result is given one that says so, at the end of the history too")
    void aMissingResultIsSupplied() {
        String supplied = "{'type':'tool_result','tool_use_id':'call_1','is_error':true,"
                + "'content':'This call was given no result.'}";
        assertEquals(
                json("[" + supplied + ",{'type':'text','text':'hi'}]"),
                message(of(HI + "," + CALL + "," + HI), 2).get("content"));
        assertEquals(json("[" + supplied + "]"), message(of(HI + "," + CALL), 2).get("content"));
    }

    @Test
    @DisplayName("trap 2: a result without a call is told as text")
    void anOrphanResultIsTold() {
        Map<String, Object> document = of(HI + ",{'role':'tool','tool_call_id':'gone','content':'3'}");
        assertEquals(
                json("[{'type':'text','text':'hi'},{'type':'text','text':'Result of a tool call:'},"
                        + "{'type':'text','text':'3'}]"),
                message(document, 0).get("content"));
    }

    @Test
    @DisplayName("trap 3: an id outside the pattern is written alike for the call and its result, and by no other")
    void idsOutsideThePatternAreRewritten() {
        Map<String, Object> document = of(HI
                + ",{'role':'assistant','tool_calls':[{'id':'functions.add:0','type':'function','function':"
                + "{'name':'add','arguments':'{}'}},{'id':'functions_add:0','type':'function','function':"
                + "{'name':'add','arguments':'{}'}}]},{'role':'tool','tool_call_id':'functions.add:0','content':'1'}"
                + ",{'role':'tool','tool_call_id':'functions_add:0','content':'2'}");
        String calls = message(document, 1).toString();
        assertTrue(calls.contains("id=functions_add_0_"), calls);
        Map<String, Object> result = Checks.object(
                Checks.list(message(document, 2).get("content"), "content").get(0), "result");
        assertTrue(calls.contains("id=" + result.get("tool_use_id")), calls);
        assertEquals(json("[{'type':'text','text':'1'}]"), result.get("content"));
    }

    @Test
    @DisplayName("trap 3: ids that a server counts anew in every answer stay apart")
    void idsUsedTwiceStayApart() {
        String turn = CALL + ",{'role':'tool','tool_call_id':'call_1','content':'";
        Map<String, Object> document = of(HI + "," + turn + "1'}," + turn + "2'}");
        assertEquals(5, messageCount(document));
    }

    @Test
    void callsAndResultsWithoutIdsAreMatchedInOrder() {
        Map<String, Object> document = of(HI
                + ",{'role':'assistant','function_call':{'name':'add','arguments':'{}'}},"
                + "{'role':'function','name':'add','content':'3'}");
        assertEquals(
                json("[{'type':'tool_result','tool_use_id':'call_1','content':[{'type':'text','text':'3'}]}]"),
                message(document, 2).get("content"));
    }

    @Test
    @DisplayName("trap 7: images that a tool showed stay in its result")
    void imagesOfToolsStay() {
        Map<String, Object> document = of(HI + "," + CALL
                + ",{'role':'tool','tool_call_id':'call_1','content':[{'type':'image_url','image_url':"
                + "{'url':'data:image/jpg;base64,AAAA'}}]}");
        assertEquals(
                json("[{'type':'tool_result','tool_use_id':'call_1','content':[{'type':'image','source':"
                        + "{'type':'base64','media_type':'image/jpeg','data':'AAAA'}}]}]"),
                message(document, 2).get("content"));
    }

    @Test
    void imagesAreSentAsTheyCame() {
        Map<String, Object> document = of("{'role':'user','content':[{'type':'image_url','image_url':"
                + "{'url':'https://example.com/a.png','detail':'low'}},{'type':'image_url','image_url':"
                + "'DATA:image\\/PNG;charset=utf-8;base64,AA\\/A'}]}");
        assertEquals(
                json("[{'type':'image','source':{'type':'url','url':'https://example.com/a.png'}},"
                        + "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA/A'}}]"),
                message(document, 0).get("content"));
    }

    @Test
    void whatIsNoImageIsRefused() {
        for (String url : new String[] {
            "data:image/png,AAAA", "data:image/tiff;base64,AAAA", "data:image/png;base64,", "file:///etc/passwd", ""
        }) {
            assertRefused(
                    OPENAI,
                    "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'" + url + "'}}]}]}",
                    ANTHROPIC,
                    "messages[0].content[0].image_url.url",
                    "must be");
        }
    }

    @Test
    void filesBecomeDocuments() {
        Map<String, Object> document = of("{'role':'user','content':[{'type':'file','file':{'filename':'a.pdf',"
                + "'file_data':'data:application/pdf;base64,AAAA'}},{'type':'file','file':"
                + "{'file_data':'data:text/plain;base64,aGkgw6Q='}},{'type':'file','file':{'file_id':'file_01'}}]}");
        assertEquals(
                json("[{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'AAAA'},"
                        + "'title':'a.pdf'},{'type':'document','source':{'type':'text','media_type':'text/plain',"
                        + "'data':'hi ä'}},{'type':'document','source':{'type':'file','file_id':'file_01'}}]"),
                message(document, 0).get("content"));
    }

    @Test
    void whatAnthropicCannotReadIsRefused() {
        String file = "{'messages':[{'role':'user','content':[{'type':'file','file':{'file_id':'file-abc'}}]}]}";
        assertRefused(OPENAI, file, ANTHROPIC, "messages[0].content[0].file.file_id", "not known");
        assertRefused(OPENAI, file, ProviderTraits.ANTHROPIC_COMPATIBLE, "messages[0].content[0]", "takes no files");
        assertRefused(
                OPENAI,
                "{'messages':[{'role':'user','content':[{'type':'input_audio','input_audio':{}}]}]}",
                ANTHROPIC,
                "messages[0].content[0].type",
                "takes no such content");
    }

    @Test
    @DisplayName("trap 19: an answer to be gone on with ends without white space")
    void aPrefillIsTrimmed() {
        Map<String, Object> document = of(HI + ",{'role':'assistant','content':'Sure: \\\\n \\n\\u00a0\\t '}");
        assertEquals(
                json("[{'type':'text','text':'Sure: \\\\n'}]"),
                message(document, 1).get("content"));
    }

    @Test
    @DisplayName("trap 19: a model that goes on with no answer is asked to go on")
    void aModelWithoutPrefillIsAskedToGoOn() {
        String json = "{'messages':[" + HI + ",{'role':'assistant','content':'Sure:'}]}";
        assertEquals(2, messageCount(messages(json, ANTHROPIC, "claude-opus-4-5")));
        assertEquals(3, messageCount(messages(json, ANTHROPIC, "claude-opus-4-7")));
    }

    @Test
    @DisplayName("trap 20: arguments become an object, whatever they were")
    void argumentsBecomeAnObject() {
        assertEquals(
                json("{'a':'é\\n','b':[1.50]}"), input(calling("'{\\\"a\\\":\\\"\\u00e9\\\\n\\\",\\\"b\\\":[1.50]}'")));
        assertEquals(json("{}"), input(calling("''")));
        assertEquals(json("{}"), input(calling("' '")));
        assertEquals(json("{}"), input(calling("null")));
        assertEquals(json("{'a':1}"), input(calling("{'a':1}")));
        assertEquals(json("{'arguments':'{\\\"a\\\":'}"), input(calling("'{\\\"a\\\":'")));
        assertEquals(json("{'arguments':'[1]'}"), input(calling("'[1]'")));
        assertEquals(json("{'arguments':'\\u0000'}"), input(calling("'\\u0000'")));
    }

    private static @Nullable Object input(Map<String, Object> document) {
        return Checks.object(
                        Checks.list(message(document, 1).get("content"), "content")
                                .get(0),
                        "tool_use")
                .get("input");
    }

    @Test
    void anAnswerIsTextThenCallsAndItsRefusalIsText() {
        Map<String, Object> document = of(HI
                + ",{'role':'assistant','content':[{'type':'text','text':'I add.'},{'type':'refusal','refusal':'No.'}],"
                + "'refusal':'Never.','reasoning_content':'unsigned','audio':{'id':'x'},'tool_calls':[{'id':'c','function':"
                + "{'name':'add','arguments':'{}'}}]},{'role':'tool','tool_call_id':'c','content':''}");
        assertEquals(
                json("[{'type':'text','text':'I add.'},{'type':'text','text':'No.'},{'type':'text','text':'Never.'},"
                        + "{'type':'tool_use','id':'c','name':'add','input':{}}]"),
                message(document, 1).get("content"));
        assertEquals(
                json("[{'type':'tool_result','tool_use_id':'c'}]"),
                message(document, 2).get("content"));
    }

    @Test
    void textsKeepTheirEscapesAndSplitSurrogates() {
        Translating one = new Translating();
        String json = "{'messages':[{'role':'user','content':'caf\\u00e9 \\ud83d'},{'role':'user','content':'\\/'}]}";
        assertTrue(one.translate(OPENAI, Translating.quoted(json), ANTHROPIC, "m"));
        String written = new String(one.bytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(written.contains("\"caf\\u00e9 \\ud83d\"") && written.contains("\"\\/\""), written);
    }

    @Test
    void marksForTheCacheStayUpToFour() {
        String marked = "{'type':'text','text':'a','cache_control':{'type':'ephemeral','ttl':'1h','more':1}}";
        Map<String, Object> document = of("{'role':'system','content':[" + marked + "]},{'role':'user','content':["
                + String.join(",", java.util.Collections.nCopies(4, marked)) + "]}");
        assertEquals(
                json("[{'type':'text','text':'a','cache_control':{'type':'ephemeral','ttl':'1h'}}]"),
                document.get("system"));
        String blocks = message(document, 0).toString();
        assertEquals(3, blocks.split("ephemeral", -1).length - 1, blocks);
    }

    @Test
    void aMessageThatIsNoneIsRefusedByItsPlace() {
        assertRefused(OPENAI, "{}", ANTHROPIC, "messages", "required");
        assertRefused(OPENAI, "{'messages':[]}", ANTHROPIC, "messages", "at least one");
        assertRefused(OPENAI, "{'messages':[" + HI + ",7]}", ANTHROPIC, "messages[1]", "object");
        assertRefused(OPENAI, "{'messages':[{'role':'robot'}]}", ANTHROPIC, "messages[0].role", "role");
        assertRefused(OPENAI, "{'messages':[{'role':'user','content':7}]}", ANTHROPIC, "messages[0].content", "string");
        assertRefused(
                OPENAI, "{'messages':[{'role':'user','content':[7]}]}", ANTHROPIC, "messages[0].content[0]", "type");
        assertRefused(
                OPENAI,
                "{'messages':[" + HI + ",{'role':'assistant','tool_calls':[{'id':'a','type':'custom','custom':{}}]}]}",
                ANTHROPIC,
                "messages[1].tool_calls[0]",
                "function");
    }

    @Test
    void whatTheAnswerNeedsIsRemembered() {
        Translating one = new Translating();
        String plain = "{'messages':[" + HI + "],'stream':true";
        one.translate(OPENAI, Translating.quoted(plain + "}"), ANTHROPIC, "m");
        assertTrue(one.request().isStreamed());
        assertFalse(one.request().isUsageWanted());
        one.translate(OPENAI, Translating.quoted(plain + ",'stream_options':{'include_usage':true}}"), ANTHROPIC, "m");
        assertTrue(one.request().isUsageWanted());
        assertEquals(true, one.document().get("stream"));
        assertAbsent(one.document(), "stream_options");
    }
}
