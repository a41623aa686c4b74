package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.OPENAI;
import static dev.slipstream.codec.translate.Translating.assertAbsent;
import static dev.slipstream.codec.translate.Translating.assertRefused;
import static dev.slipstream.codec.translate.Translating.json;
import static dev.slipstream.codec.translate.Translating.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an OpenAI client asks for besides its messages, as Anthropic gets it. */
class ChatToMessagesSettingsTest {
    private static final ProviderTraits ANTHROPIC = ProviderTraits.ANTHROPIC;
    private static final String TOOL =
            "'tools':[{'type':'function','function':{'name':'add','description':'Adds.','parameters':"
                    + "{'type':'object','properties':{'a':{'type':'number'}}},'strict':false}}]";
    private static final String CALLED =
            ",{'role':'assistant','tool_calls':[{'id':'c','type':'function','function':{'name':'add','arguments':'{}'}}]},"
                    + "{'role':'tool','tool_call_id':'c','content':'3'}";

    private static String request(String more) {
        return "{'model':'m','messages':[{'role':'user','content':'hi'}]" + (more.isEmpty() ? "" : "," + more) + "}";
    }

    private static Map<String, Object> of(String more) {
        return messages(request(more));
    }

    private static Map<String, Object> of(String more, String model) {
        return messages(request(more), ANTHROPIC, model);
    }

    @Test
    @DisplayName("trap 4: every schema of a tool says that it is of an object")
    void schemasSayObject() {
        assertEquals(
                json("[{'name':'add','description':'Adds.','input_schema':"
                        + "{'type':'object','properties':{'a':{'type':'number'}}}}]"),
                of(TOOL).get("tools"));
        for (String parameters : List.of("", ",'parameters':null", ",'parameters':{}")) {
            assertEquals(
                    json("[{'name':'now','input_schema':{'type':'object','properties':{}}}]"),
                    of("'tools':[{'type':'function','function':{'name':'now'" + parameters + "}}]")
                            .get("tools"));
        }
        assertEquals(
                json("[{'name':'now','input_schema':{'type':'object','required':['a'],'properties':{}}}]"),
                of("'tools':[{'type':'function','function':{'name':'now','parameters':"
                                + "{'required':['a'],'type':null,'properties':{}}}}]")
                        .get("tools"));
    }

    @Test
    @DisplayName("trap 5: a tool of another kind than a function is refused or left out")
    void otherToolsAreNotSent() {
        assertRefused(
                OPENAI,
                request("'tools':[{'type':'custom','custom':{'name':'x'}}]"),
                ANTHROPIC,
                "tools[0].type",
                "functions only");
        Map<String, Object> document = of("'tools':[{'type':'web_search','web_search':{}}],'tool_choice':'auto'");
        assertAbsent(document, "tools");
        assertAbsent(document, "tool_choice");
    }

    @Test
    @DisplayName("trap 6: a name outside the pattern is changed alike in tools, choice and history, and remembered")
    void namesOfToolsAreChangedAlike() {
        Translating one = new Translating();
        String name = "files.read/all";
        String json = request(TOOL.replace("add", name) + ",'tool_choice':{'type':'function','function':{'name':'"
                        + name + "'}}")
                .replace("'hi'}]", "'hi'}" + CALLED.replace("add", name) + "]");
        assertTrue(one.translate(OPENAI, Translating.quoted(json), ANTHROPIC, "m"));
        Map<String, Object> document = one.document();
        MessagesRequestValidator.check(document, ANTHROPIC);
        String sent = String.valueOf(
                Checks.object(document.get("tool_choice"), "choice").get("name"));
        assertTrue(sent.startsWith("files_read_all_"), sent);
        assertTrue(Translating.message(document, 1).toString().contains("name=" + sent + ","), document.toString());
        assertEquals(name, one.request().toolNames().originalOf(sent));
        assertEquals("add", one.request().toolNames().originalOf("add"));
    }

    @Test
    @DisplayName("trap 8: an end-user id has Anthropic's characters, and is no address of mail")
    void userIdsFit() {
        assertEquals(json("{'user_id':'a_b-1'}"), of("'user':'a b-1'").get("metadata"));
        assertEquals(
                json("{'user_id':'s'}"),
                of("'user':'u','safety_identifier':'s'").get("metadata"));
        String mail = String.valueOf(of("'user':'me@example.com'").get("metadata"));
        assertTrue(mail.matches("\\{user_id=user_[0-9a-f]{32}}"), mail);
        of("'user':'" + "x".repeat(1000) + "'");
    }

    @Test
    @DisplayName("trap 9: the limit is the newer name's, the older's, or the default, and never above the model's")
    void limits() {
        assertEquals(json("5"), of("'max_completion_tokens':5,'max_tokens':6").get("max_tokens"));
        assertEquals(
                json("6"), of("'max_completion_tokens':null,'max_tokens':6.0").get("max_tokens"));
        assertEquals(
                json("7"),
                messages(request(""), ANTHROPIC.withDefaultMaxTokens(7)).get("max_tokens"));
        assertEquals(
                json("8192"),
                of("'max_tokens':100000", "claude-3-5-sonnet-20241022").get("max_tokens"));
        assertEquals(
                json("9"),
                messages(request("'max_tokens':10"), ANTHROPIC.withMaxOutputTokens(9))
                        .get("max_tokens"));
        assertRefused(OPENAI, request("'max_tokens':0"), ANTHROPIC, "max_tokens", "above 0");
        assertRefused(OPENAI, request("'max_tokens':'many'"), ANTHROPIC, "max_tokens", "whole number");
    }

    @Test
    @DisplayName("trap 10: temperature is at most 1, top_p not beside it, and the newest models get neither")
    void samplingFits() {
        assertEquals(json("1"), of("'temperature':1.7").get("temperature"));
        assertEquals(json("0.70"), of("'temperature':0.70").get("temperature"));
        assertAbsent(of("'temperature':0.5,'top_p':0.9"), "top_p");
        assertEquals(json("0.9"), of("'top_p':0.9,'top_k':5").get("top_p"));
        Map<String, Object> newest = of("'temperature':0.5,'top_p':0.9,'top_k':5", "claude-opus-4-7");
        assertAbsent(newest, "temperature");
        assertAbsent(newest, "top_p");
        assertAbsent(newest, "top_k");
        assertEquals(
                json("0.5"),
                messages(
                                request("'temperature':0.5"),
                                ANTHROPIC.but().modelRules(false).build(),
                                "claude-opus-4-7")
                        .get("temperature"));
        assertAbsent(messages(request("'temperature':0.5"), ANTHROPIC.withSampling(false)), "temperature");
        assertRefused(OPENAI, request("'temperature':'hot'"), ANTHROPIC, "temperature", "number");
    }

    @Test
    @DisplayName(
            "trap 11: nothing thinks where a tool is forced, an answer is to be gone on with, or thinking is missing")
    void thinkingIsLeftOutWhereItIsRefused() {
        String effort = "'reasoning_effort':'high','max_tokens':9000";
        assertEquals(json("{'type':'enabled','budget_tokens':4096}"), of(effort).get("thinking"));
        assertAbsent(of(effort + "," + TOOL + ",'tool_choice':'required'"), "thinking");
        assertAbsent(messages(request(effort).replace("'hi'}]", "'hi'}" + CALLED + "]")), "thinking");
        assertAbsent(
                messages(request(effort).replace("'hi'}]", "'hi'},{'role':'assistant','content':'a'}]")), "thinking");
        assertAbsent(of("'temperature':0.5,'top_k':4," + effort), "temperature");
        assertAbsent(of("'top_p':0.5," + effort), "top_p");
    }

    @Test
    @DisplayName("trap 11: signed thinking that a client hands back is sent, and thinking goes on")
    void signedThinkingIsSent() {
        String signed = ",{'role':'assistant','thinking_blocks':[{'type':'thinking','thinking':'t','signature':'s'},"
                + "{'type':'thinking','thinking':'unsigned','signature':''}],";
        Map<String, Object> document = messages(request("'reasoning_effort':'low'")
                .replace("'hi'}]", "'hi'}" + CALLED.replace(",{'role':'assistant',", signed) + "]"));
        assertEquals(
                json("[{'type':'thinking','thinking':'t','signature':'s'},"
                        + "{'type':'tool_use','id':'c','name':'add','input':{}}]"),
                Translating.message(document, 1).get("content"));
        assertEquals(json("{'type':'enabled','budget_tokens':1024}"), document.get("thinking"));
    }

    @Test
    @DisplayName("trap 12: the budget of thinking lies between 1024 and the limit, or there is none")
    void budgetsLieWithinTheLimit() {
        for (int max = 1; max < 40_000; max += 397) {
            for (String effort : List.of("minimal", "low", "medium", "high", "xhigh", "max")) {
                // The validator tells a budget that does not.
                of("'reasoning_effort':'" + effort + "','max_tokens':" + max);
            }
        }
        assertAbsent(of("'reasoning_effort':'high','max_tokens':2000"), "thinking");
        assertEquals(
                json("{'type':'enabled','budget_tokens':2000}"),
                of("'reasoning_effort':'high','max_tokens':4000").get("thinking"));
        assertEquals(json("8192"), of("'reasoning_effort':'high'").get("max_tokens"));
        assertAbsent(of("'reasoning_effort':'none','max_tokens':9000"), "thinking");
        assertAbsent(of("'reasoning_effort':'high','max_tokens':9000", "claude-3-5-haiku-20241022"), "thinking");
    }

    @Test
    void theNewestModelsAreToldHowMuchToThinkInAWord() {
        Map<String, Object> document = of("'reasoning_effort':'minimal'", "claude-opus-4-7");
        assertEquals(json("{'type':'adaptive'}"), document.get("thinking"));
        assertEquals(json("{'effort':'low'}"), document.get("output_config"));
        assertEquals(
                json("{'effort':'high'}"),
                of("'reasoning_effort':'xhigh'", "claude-opus-4-6").get("output_config"));
    }

    @Test
    void thinkingIsAskedForInTheWaysOfOtherServersToo() {
        for (String asked : List.of(
                "'thinking':{'type':'enabled'}", "'reasoning':{'enabled':true}", "'reasoning':{'effort':'medium'}")) {
            assertEquals(
                    json("{'type':'enabled','budget_tokens':2048}"), of(asked).get("thinking"), asked);
        }
        assertEquals(
                json("{'type':'enabled','budget_tokens':3000}"),
                of("'reasoning':{'max_tokens':3000}").get("thinking"));
        assertAbsent(of("'thinking':{'type':'disabled'}"), "thinking");
    }

    @Test
    @DisplayName("trap 13: no choice without tools, and the switch of parallel calls brings a choice along")
    void choices() {
        assertAbsent(of("'tool_choice':'required','parallel_tool_calls':false"), "tool_choice");
        assertAbsent(of(TOOL), "tool_choice");
        assertEquals(json("{'type':'auto'}"), of(TOOL + ",'tool_choice':'auto'").get("tool_choice"));
        assertEquals(
                json("{'type':'any'}"), of(TOOL + ",'tool_choice':'required'").get("tool_choice"));
        assertEquals(
                json("{'type':'none'}"),
                of(TOOL + ",'tool_choice':'none','parallel_tool_calls':false").get("tool_choice"));
        assertEquals(
                json("{'type':'auto','disable_parallel_tool_use':true}"),
                of(TOOL + ",'parallel_tool_calls':false").get("tool_choice"));
        assertEquals(
                json("{'type':'tool','name':'add','disable_parallel_tool_use':true}"),
                of(TOOL + ",'tool_choice':{'type':'function','function':{'name':'add'}},'parallel_tool_calls':false")
                        .get("tool_choice"));
        assertEquals(
                json("{'type':'auto'}"),
                messages(
                                request(TOOL + ",'tool_choice':'required'"),
                                ANTHROPIC.but().namedToolChoice(false).build())
                        .get("tool_choice"));
        assertRefused(OPENAI, request(TOOL + ",'tool_choice':'some'"), ANTHROPIC, "tool_choice", "auto");
    }

    @Test
    void ofAllowedToolsTheOthersAreNotSent() {
        Map<String, Object> document = of("'tools':[{'type':'function','function':{'name':'a'}},"
                + "{'type':'function','function':{'name':'b'}}],'tool_choice':{'type':'allowed_tools','allowed_tools':"
                + "{'mode':'required','tools':[{'type':'function','function':{'name':'b'}}]}}");
        assertEquals(json("[{'name':'b','input_schema':{'type':'object','properties':{}}}]"), document.get("tools"));
        assertEquals(json("{'type':'any'}"), document.get("tool_choice"));
    }

    @Test
    void theDeprecatedFunctionsAreTools() {
        Map<String, Object> document = of("'functions':[{'name':'add'}],'function_call':{'name':'add'}");
        assertEquals(json("[{'name':'add','input_schema':{'type':'object','properties':{}}}]"), document.get("tools"));
        assertEquals(json("{'type':'tool','name':'add'}"), document.get("tool_choice"));
    }

    @Test
    @DisplayName("trap 14: blank stop sequences are left out")
    void stopSequences() {
        assertEquals(json("['END']"), of("'stop':'END'").get("stop_sequences"));
        assertEquals(json("['a','b']"), of("'stop':['a',' \\n','b','']").get("stop_sequences"));
        assertAbsent(of("'stop':null"), "stop_sequences");
        assertAbsent(of("'stop':'\\n'"), "stop_sequences");
    }

    @Test
    @DisplayName(
            "trap 15: stream_options is not sent; trap 18: nor the map of metadata, nor what Anthropic does not know")
    void unknownMembersAreNotSent() {
        assertEquals(
                of(""),
                of(
                        "'stream':false,'stream_options':{'include_usage':true},'metadata':{'team':'a'},'seed':1,'n':1,"
                                + "'logprobs':true,'top_logprobs':3,'logit_bias':{},'frequency_penalty':1,'presence_penalty':1,"
                                + "'prediction':{},'modalities':['text'],'audio':{},'store':true,'verbosity':'low',"
                                + "'prompt_cache_key':'k','do_sample':true,'request_id':'r','tool_stream':true,"
                                + "'web_search_options':{},'service_tier':'flex','response_format':{'type':'text'},'newest':{}"));
    }

    @Test
    void moreThanOneAnswerAndAudioAreRefused() {
        assertRefused(OPENAI, request("'n':2"), ANTHROPIC, "n", "one answer");
        assertRefused(OPENAI, request("'modalities':['text','audio']"), ANTHROPIC, "modalities[1]", "audio");
    }

    @Test
    void tiersOfServiceAreThoseThatAnthropicHas() {
        assertEquals("auto", of("'service_tier':'auto'").get("service_tier"));
        assertEquals("standard_only", of("'service_tier':'default'").get("service_tier"));
        assertAbsent(messages(request("'service_tier':'auto'"), ProviderTraits.ANTHROPIC_COMPATIBLE), "service_tier");
    }

    @Test
    void anAnswerByASchemaIsOfClosedObjects() {
        String schema = "'response_format':{'type':'json_schema','json_schema':{'name':'x','strict':true,'schema':"
                + "{'type':'object','properties':{'type':{'type':'string','enum':[{'type':'object'}]},'in':"
                + "{'type':'array','items':{'type':'object','additionalProperties':true}}}}}}";
        assertEquals(
                json("{'format':{'type':'json_schema','schema':{'type':'object','properties':{'type':"
                        + "{'type':'string','enum':[{'type':'object'}]},'in':{'type':'array','items':"
                        + "{'type':'object','additionalProperties':false}}},'additionalProperties':false}}}"),
                of(schema).get("output_config"));
        Map<String, Object> older = of(schema, "claude-3-7-sonnet-20250219");
        assertAbsent(older, "output_config");
        assertTrue(String.valueOf(older.get("system")).contains("JSON schema: {\"type\":\"object\""), older.toString());
        assertTrue(String.valueOf(of("'response_format':{'type':'json_object'}").get("system"))
                .contains("one JSON object"));
    }
}
