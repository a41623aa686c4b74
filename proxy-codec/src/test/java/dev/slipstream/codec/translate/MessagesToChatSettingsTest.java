package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.ANTHROPIC;
import static dev.slipstream.codec.translate.Translating.assertAbsent;
import static dev.slipstream.codec.translate.Translating.assertRefused;
import static dev.slipstream.codec.translate.Translating.chat;
import static dev.slipstream.codec.translate.Translating.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an Anthropic client asks for besides its messages, as OpenAI's servers get it. */
class MessagesToChatSettingsTest {
    private static final ProviderTraits COMPATIBLE = ProviderTraits.OPENAI_COMPATIBLE;
    private static final ProviderTraits OPENAI = ProviderTraits.OPENAI;
    private static final ProviderTraits ZAI = ProviderTraits.ZAI;
    private static final String SCHEMA = "{'type':'object','properties':{'a':{'type':'number'}}}";
    private static final String TOOL = "'tools':[{'name':'add','description':'Adds.','input_schema':" + SCHEMA
            + ",'strict':true," + "'type':'custom','cache_control':{'type':'ephemeral'},'defer_loading':true}]";

    private static String request(String more) {
        String rest = more.isEmpty() ? "" : "," + more;
        String limit = more.contains("max_tokens'") ? "" : "'max_tokens':100,";
        return "{'model':'m'," + limit + "'messages':[{'role':'user','content':'hi'}]" + rest + "}";
    }

    private static Map<String, Object> of(String more) {
        return chat(request(more));
    }

    private static Map<String, Object> of(String more, ProviderTraits to, String model) {
        return chat(request(more), to, model);
    }

    @Test
    @DisplayName("trap 4, 5: a tool is a function with a schema of an object, and custom is not its type")
    void toolsAreFunctions() {
        String function = "{'type':'function','function':{'name':'add','description':'Adds.','parameters':" + SCHEMA;
        assertEquals(json("[" + function + "}}]"), of(TOOL).get("tools"));
        assertEquals(
                json("[" + function + ",'strict':true}}]"),
                of(TOOL, OPENAI, "gpt-4o").get("tools"));
        assertEquals(
                json("[{'type':'function','function':{'name':'a','parameters':{'type':'object','properties':{}}}}]"),
                of("'tools':[{'name':'a','type':null}]").get("tools"));
    }

    @Test
    void toolsThatAnthropicRunsAreLeftOut() {
        String search = "'tools':[{'type':'web_search_20250305','name':'web_search'}]";
        Map<String, Object> document = of(search + ",'tool_choice':{'type':'auto','disable_parallel_tool_use':true}");
        assertAbsent(document, "tools");
        assertAbsent(document, "tool_choice");
        assertAbsent(document, "parallel_tool_calls");
        assertRefused(
                ANTHROPIC,
                request(search + ",'tool_choice':{'type':'tool','name':'web_search'}"),
                COMPATIBLE,
                "tool_choice.name",
                "no tool of this name");
    }

    @Test
    @DisplayName("trap 6: a name of more than 64 characters is shortened alike everywhere, and remembered")
    void longNamesAreShortenedAlike() {
        String name = "mcp__" + "server_".repeat(12) + "_read";
        String other = name.replace("_read", "_write");
        Translating one = new Translating();
        String json = request(TOOL.replace("add", name) + ",'tool_choice':{'type':'tool','name':'" + name + "'}")
                .replace("'tools':[", "'tools':[{'name':'" + other + "'},")
                .replace(
                        "'hi'}]",
                        "'hi'},{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'" + name
                                + "','input':{}}]}]");
        assertTrue(one.translate(ANTHROPIC, Translating.quoted(json), COMPATIBLE, "m"));
        Map<String, Object> document = one.document();
        ChatRequestValidator.check(document, COMPATIBLE);
        String sent = String.valueOf(Checks.object(
                        Checks.object(document.get("tool_choice"), "choice").get("function"), "function")
                .get("name"));
        assertEquals(64, sent.length());
        assertEquals(name, one.request().toolNames().originalOf(sent));
        assertTrue(String.valueOf(document.get("tools")).contains("name=" + sent + ","));
        assertTrue(String.valueOf(document.get("messages")).contains("name=" + sent + ","));
        int names = String.valueOf(document.get("tools")).split("name=mcp__server", -1).length - 1;
        assertEquals(2, names);
        assertTrue(
                !String.valueOf(document.get("tools")).matches("(?s).*" + sent + ".*" + sent + ".*"),
                "two tools, one name");
    }

    @Test
    @DisplayName("trap 8: an end-user id that is too long is another one, always the same")
    void userIdsFit() {
        String claudeCode = "user_" + "0123456789abcdef".repeat(4) + "_account__session_1-2-3";
        Map<String, Object> document = of("'metadata':{'user_id':'" + claudeCode + "'}");
        assertTrue(String.valueOf(document.get("user")).matches("user_[0-9a-f]{32}"), document.toString());
        assertEquals(document, of("'metadata':{'user_id':'" + claudeCode + "'}"));
        assertEquals("me", of("'metadata':{'user_id':'me'}").get("user"));
        assertTrue(
                String.valueOf(of("'metadata':{'user_id':'me'}", ZAI, "glm-4.7").get("user_id"))
                                .length()
                        >= 6);
        assertAbsent(of("'metadata':{'user_id':'me'}", ProviderTraits.MISTRAL, "m"), "user");
    }

    @Test
    @DisplayName("trap 9: the limit has the provider's name, is not above the model's, and not 0")
    void limits() {
        assertEquals(json("100"), of("", OPENAI, "gpt-5").get("max_completion_tokens"));
        assertEquals(json("16384"), of("'max_tokens':32000", ZAI, "glm-4.5v").get("max_tokens"));
        assertEquals(json("16384"), of("'max_tokens':32000", OPENAI, "gpt-4o").get("max_completion_tokens"));
        assertEquals(json("50"), of("", COMPATIBLE.withMaxOutputTokens(50), "m").get("max_tokens"));
        assertEquals(json("1"), of("'max_tokens':0").get("max_tokens"));
        assertRefused(
                ANTHROPIC,
                request("").replace("'max_tokens':100,", ""),
                COMPATIBLE,
                "max_tokens",
                "max_tokens: Field required");
        assertRefused(ANTHROPIC, request("'max_tokens':1.5"), COMPATIBLE, "max_tokens", "whole number");
    }

    @Test
    @DisplayName("trap 10: models that refuse a temperature get none")
    void samplingFits() {
        String sampling = "'temperature':0.30,'top_p':0.9,'top_k':4";
        Map<String, Object> document = of(sampling);
        assertEquals(json("0.30"), document.get("temperature"));
        assertEquals(json("0.9"), document.get("top_p"));
        assertAbsent(document, "top_k");
        assertEquals(json("4"), of(sampling, ProviderTraits.OPENROUTER, "m").get("top_k"));
        Map<String, Object> reasoning = of(sampling, OPENAI, "o3-mini");
        assertAbsent(reasoning, "temperature");
        assertAbsent(reasoning, "top_p");
        assertAbsent(of(sampling, COMPATIBLE.withSampling(false), "m"), "temperature");
        assertEquals(json("1"), of("'temperature':1.5", ZAI, "glm-4.7").get("temperature"));
    }

    @Test
    void howMuchToThinkBecomesAWord() {
        assertEquals("low", effort("'thinking':{'type':'enabled','budget_tokens':1024}", "m"));
        assertEquals("medium", effort("'thinking':{'type':'enabled','budget_tokens':2048}", "m"));
        assertEquals("high", effort("'thinking':{'type':'enabled','budget_tokens':31999}", "m"));
        assertEquals("high", effort("'thinking':{'type':'adaptive'}", "m"));
        assertEquals("medium", effort("'thinking':{'type':'adaptive'},'output_config':{'effort':'medium'}", "m"));
        assertEquals("xhigh", effort("'output_config':{'effort':'max'}", "gpt-5.2"));
        assertEquals("high", effort("'output_config':{'effort':'max'}", "o3"));
        assertEquals(null, effort("'thinking':{'type':'disabled'},'output_config':{'effort':'max'}", "m"));
        assertEquals(null, effort("'thinking':{'type':'adaptive'}", "gpt-4o"));
        assertEquals(null, effort("", "m"));
    }

    private static @Nullable Object effort(String more, String model) {
        return of(more, COMPATIBLE, model).get("reasoning_effort");
    }

    @Test
    void zaiIsToldByASwitch() {
        String adaptive = "'thinking':{'type':'adaptive'},'output_config':{'effort':'xhigh'}";
        Map<String, Object> older = of(adaptive, ZAI, "glm-4.7");
        assertEquals(json("{'type':'enabled'}"), older.get("thinking"));
        assertAbsent(older, "reasoning_effort");
        assertEquals("max", of(adaptive, ZAI, "glm-5.2").get("reasoning_effort"));
        String low = "'thinking':{'type':'enabled','budget_tokens':1024}";
        assertEquals("high", of(low, ZAI, "glm-5.2").get("reasoning_effort"));
        assertEquals("low", of(low, ZAI, "glm-5.3").get("reasoning_effort"));
        String off = "'thinking':{'type':'disabled'}";
        assertEquals(json("{'type':'disabled'}"), of(off, ZAI, "glm-4.7").get("thinking"));
        assertAbsent(of(off, ZAI, "glm-5.3"), "thinking");
        assertAbsent(of("", ZAI, "glm-4.7"), "thinking");
    }

    @Test
    @DisplayName("trap 13: no choice and no switch of parallel calls without tools")
    void choices() {
        assertAbsent(of("'tool_choice':{'type':'any','disable_parallel_tool_use':true}"), "tool_choice");
        assertAbsent(of("'tool_choice':{'type':'any','disable_parallel_tool_use':true}"), "parallel_tool_calls");
        assertAbsent(of(TOOL), "tool_choice");
        assertEquals("auto", choice("'type':'auto'"));
        assertEquals("required", choice("'type':'any'"));
        assertEquals("none", choice("'type':'none'"));
        assertEquals(json("{'type':'function','function':{'name':'add'}}"), choice("'type':'tool','name':'add'"));
        String single = TOOL + ",'tool_choice':{'type':'auto','disable_parallel_tool_use':true}";
        assertEquals(false, of(single).get("parallel_tool_calls"));
        assertAbsent(of(single, OPENAI, "o3-mini"), "parallel_tool_calls");
        ProviderTraits autoOnly = ZAI.but().namedToolChoice(false).build();
        assertEquals(
                "auto",
                of(TOOL + ",'tool_choice':{'type':'any'}", autoOnly, "m").get("tool_choice"));
        assertAbsent(of(TOOL + ",'tool_choice':{'type':'none'}", autoOnly, "m"), "tools");
    }

    private static @Nullable Object choice(String choice) {
        return of(TOOL + ",'tool_choice':{" + choice + "}").get("tool_choice");
    }

    @Test
    @DisplayName("trap 14: the first stop sequences, as many as the provider takes")
    void stopSequences() {
        String five = "'stop_sequences':['a','b','','c','d','e']";
        assertEquals(json("['a','b','c','d']"), of(five).get("stop"));
        assertEquals(json("['a']"), of(five, ZAI, "glm-4.7").get("stop"));
        assertAbsent(of(five, OPENAI, "o4-mini"), "stop");
        assertAbsent(of("'stop_sequences':[]"), "stop");
        assertRefused(ANTHROPIC, request("'stop_sequences':'a'"), COMPATIBLE, "stop_sequences", "list");
    }

    @Test
    @DisplayName("trap 15: a stream is asked for its usage, and nothing else is")
    void streams() {
        Map<String, Object> document = of("'stream':true");
        assertEquals(true, document.get("stream"));
        assertEquals(json("{'include_usage':true}"), document.get("stream_options"));
        assertAbsent(of("'stream':false"), "stream_options");
        assertAbsent(of("'stream':true", COMPATIBLE.but().streamUsage(false).build(), "m"), "stream_options");
    }

    @Test
    @DisplayName("trap 18: what has no counterpart is not sent")
    void unknownMembersAreNotSent() {
        assertEquals(
                of(""),
                of("'metadata':{'team':'a'},'container':'c','mcp_servers':[],'context_management':{},'betas':['b'],"
                        + "'service_tier':'auto','cache_control':{'type':'ephemeral'},'speed':'fast','newest':[{}],"
                        + "'output_config':{}"));
    }

    @Test
    void tiersOfServiceAreForOpenAi() {
        assertEquals("auto", of("'service_tier':'auto'", OPENAI, "m").get("service_tier"));
        assertEquals(
                "default", of("'service_tier':'standard_only'", OPENAI, "m").get("service_tier"));
    }

    @Test
    void anAnswerByASchemaIsStrictWhereTheSchemaIs() {
        String strict = "{'type':'object','properties':{'a':{'type':'number'}},'required':['a'],"
                + "'additionalProperties':false}";
        String format = "{'type':'json_schema','schema':";
        assertEquals(
                json("{'type':'json_schema','json_schema':{'name':'answer','schema':" + strict + ",'strict':true}}"),
                of("'output_config':{'format':" + format + strict + "}}").get("response_format"));
        assertEquals(
                json("{'type':'json_schema','json_schema':{'name':'answer','schema':" + SCHEMA + ",'strict':false}}"),
                of("'output_format':" + format + SCHEMA + "}").get("response_format"));
        Map<String, Object> zai = of("'output_format':" + format + SCHEMA + "}", ZAI, "glm-4.7");
        assertEquals(json("{'type':'json_object'}"), zai.get("response_format"));
        String prompt = Translating.message(zai, 0).toString();
        assertTrue(prompt.contains("JSON schema: {\"type\":\"object\",\"properties\""), prompt);
    }

    @Test
    void hostsAreKnown() {
        for (String host : List.of("api.z.ai", "OPEN.bigmodel.cn")) {
            assertEquals(ZAI, ProviderTraits.of(dev.slipstream.codec.Dialect.OPENAI, host));
        }
        assertEquals(OPENAI, ProviderTraits.of(dev.slipstream.codec.Dialect.OPENAI, "api.openai.com"));
        assertEquals(COMPATIBLE, ProviderTraits.of(dev.slipstream.codec.Dialect.OPENAI, "notopenai.com"));
        assertEquals(ProviderTraits.ANTHROPIC, ProviderTraits.of(ANTHROPIC, "api.anthropic.com"));
        assertEquals(ProviderTraits.ANTHROPIC_COMPATIBLE, ProviderTraits.of(ANTHROPIC, "api.z.ai"));
    }
}
