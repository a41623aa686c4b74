package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.ParsedJson.textAt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tool calls of a stream, in all the ways that providers cut them up. */
class InterleavedCallsTest {
    private static final String DONE = "[DONE]";
    private static final String FINISH = "{\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}";

    private static String calls(String... fragments) {
        return "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":["
                + String.join(",", fragments) + "]}}]}";
    }

    private static String first(int index, String id, String name, String arguments) {
        return "{\"index\":" + index + ",\"id\":\"" + id + "\",\"type\":\"function\",\"function\":{\"name\":\"" + name
                + "\",\"arguments\":\"" + escaped(arguments) + "\"}}";
    }

    private static String more(int index, String arguments) {
        return "{\"index\":" + index + ",\"function\":{\"arguments\":\"" + escaped(arguments) + "\"}}";
    }

    private static String text(String content) {
        return "{\"choices\":[{\"delta\":{\"content\":\"" + content + "\"}}]}";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** The blocks, shortened. */
    private static String said(String... events) {
        ChunkStream.Outcome outcome = ChunkStream.of(events);
        assertEquals(Progress.DONE, outcome.progress(), () -> outcome.error().message());
        return said(outcome.read());
    }

    private static String said(AnthropicStream stream) {
        List<String> blocks = new ArrayList<>();
        for (Map<String, Object> block : stream.blocks()) {
            String type = textAt(block, "type");
            blocks.add(
                    type.equals("tool_use")
                            ? block.get("id") + ":" + block.get("name") + block.get("input")
                            : type + ":" + block.get(type));
        }
        return blocks + " " + stream.message.get("stop_reason");
    }

    @Test
    void fragmentsLeaveAsTheyArrive() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                calls(first(0, "a", "f", "")), calls(more(0, "{\"x\"")), calls(more(0, ":1}")), FINISH, DONE);
        assertEquals(2, outcome.text().split("input_json_delta", -1).length - 1);
        assertEquals("[a:f{x=1}] tool_use", said(outcome.read()));
    }

    @Test
    @DisplayName("trap 21: finish stop with tools is tool_use")
    void stopWithToolsIsToolUse() {
        String stop = "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";
        assertEquals("[a:f{}] tool_use", said(calls(first(0, "a", "f", "{}")), stop, DONE));
        assertEquals("[a:f{}] tool_use", said(calls(first(0, "a", "f", "{}")), DONE));
    }

    @Test
    @DisplayName("trap 33: arguments that are whole in the first chunk")
    void argumentsMayBeWholeInTheFirstChunk() {
        assertEquals(
                "[thinking:hm, a:f{x=1}] tool_use",
                said(
                        "{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}",
                        calls(first(0, "a", "f", "{\"x\":1}")),
                        FINISH,
                        DONE));
    }

    @Test
    @DisplayName("trap 34: several calls in one chunk")
    void severalCallsMayStandInOneChunk() {
        assertEquals(
                "[a:f{x=1}, b:g{}, c:h{z=[{}]}] tool_use",
                said(
                        calls(
                                first(0, "a", "f", "{\"x\":1}"),
                                first(1, "b", "g", ""),
                                first(2, "c", "h", "{\"z\":[{}]}")),
                        FINISH,
                        DONE));
    }

    @Test
    @DisplayName("trap 34, trap 29: interleaved fragments become blocks one after another")
    void interleavedFragmentsBecomeBlocksOneAfterAnother() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                calls(first(0, "a", "f", "{\"x\":")),
                calls(first(1, "b", "g", "{\"y\":")),
                calls(more(0, "\"}")),
                calls(more(1, "[1,")),
                calls(more(0, "\\\"\"")),
                calls(more(1, "2]}")),
                calls(more(0, "}")),
                FINISH,
                DONE);
        assertEquals("[a:f{x=}\"}, b:g{y=[1, 2]}] tool_use", said(outcome.read()));
    }

    @Test
    void aLaterCallStreamsOnceTheOneBeforeIsComplete() {
        ChunksToMessageEvents translator = new ChunksToMessageEvents();
        JsonOutput out = new JsonOutput();
        translator.start(ChunkStream.request(), "id", 0);
        for (String event : List.of(
                calls(first(0, "a", "f", "{\"x\":1")), calls(first(1, "b", "g", "{\"y\":")), calls(more(0, "}")))) {
            byte[] data = event.getBytes(UTF_8);
            translator.onEvent("", data, 0, data.length, out);
        }
        // Complete, and so the next one is open, with what was held of it.
        assertTrue(new String(out.bytes(), 0, out.length(), UTF_8).endsWith("\"partial_json\":\"{\\\"y\\\":\"}}\n\n"));
        int before = out.length();
        byte[] data = calls(more(1, "2}")).getBytes(UTF_8);
        translator.onEvent("", data, 0, data.length, out);
        assertTrue(out.length() > before, "the fragment leaves as it arrives");
    }

    @Test
    @DisplayName("trap 35: a call without arguments is an empty object")
    void aCallWithoutArgumentsIsAnEmptyObject() {
        assertEquals("[a:f{}] tool_use", said(calls(first(0, "a", "f", "")), calls(more(0, "")), FINISH, DONE));
        assertEquals("[a:f{}] tool_use", said(calls(first(0, "a", "f", "  ")), FINISH, DONE));
        assertEquals("[a:f{}] tool_use", said(calls(first(0, "a", "f", "null")), FINISH, DONE));
        assertEquals(
                "[a:f{}] tool_use",
                said(calls("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}"), FINISH, DONE));
        assertEquals(
                "[a:f{}, b:g{}] tool_use",
                said(calls(first(0, "a", "f", "")), calls(first(1, "b", "g", "{}")), FINISH, DONE));
    }

    @Test
    @DisplayName("trap 20: arguments as an object instead of a text")
    void argumentsMayBeAnObject() {
        assertEquals(
                "[a:f{x=[1, {y=\"}]}] tool_use",
                said(
                        calls(
                                "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\" : [1,\\n{\"y\":\"\\\"\"}]}}}"
                                        .replace("\\n", " ")),
                        FINISH,
                        DONE));
    }

    @Test
    void textBehindACallIsABlockOfItsOwn() {
        assertEquals(
                "[text:a, a:f{x=1}, text:b] tool_use",
                said(text("a"), calls(first(0, "a", "f", "{\"x\":1}")), text("b"), FINISH, DONE));
    }

    @Test
    void textInsideACallWaitsForItsEnd() {
        assertEquals(
                "[a:f{x=1}, thinking:hm, text:bc, b:g{}] tool_use",
                said(
                        calls(first(0, "a", "f", "{\"x\":")),
                        text("b"),
                        "{\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}",
                        calls(first(1, "b", "g", "{}")),
                        text("c"),
                        calls(more(0, "1}")),
                        FINISH,
                        DONE));
    }

    @Test
    void withoutAnIndexTheIdTellsCallsApart() {
        assertEquals(
                "[D681PevKs:f{x=1}, 4fHj2Kd9s:f{x=2}] tool_use",
                said(
                        calls(
                                "{\"id\":\"D681PevKs\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}",
                                "{\"id\":\"4fHj2Kd9s\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":2\"}}"),
                        calls("{\"id\":\"4fHj2Kd9s\",\"function\":{\"arguments\":\"}\"}}"),
                        FINISH,
                        DONE));
    }

    @Test
    void withoutIndexAndIdTheNameBeginsACall() {
        String begin = "{\"id\":\"null\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":\"}}";
        String end = "{\"function\":{\"name\":\"f\",\"arguments\":\"1}\"}}";
        assertEquals(
                "[toolu_made-up_0:f{x=1}, toolu_made-up_1:f{x=1}] tool_use",
                said(calls(begin), calls(end), calls(begin), calls(end), FINISH, DONE));
    }

    @Test
    @DisplayName("an id that changes from fragment to fragment is still the same call")
    void theFirstIdStays() {
        assertEquals(
                "[a:f{x=1}] tool_use",
                said(
                        calls(first(0, "a", "f", "{\"x\":")),
                        calls(first(0, "b", "f", "1")),
                        calls(first(0, "c", "", "}")),
                        FINISH,
                        DONE));
    }

    @Test
    @DisplayName("the same index with another id and a name again is another call")
    void theSameIndexMayBeAnotherCall() {
        assertEquals(
                "[a:f{x=1}, b:f{x=2}, c:g{}] tool_use",
                said(
                        calls(first(0, "a", "f", "{\"x\":1}")),
                        calls(first(0, "b", "f", "{\"x\":2}")),
                        calls(first(0, "c", "g", "{}")),
                        FINISH,
                        DONE));
    }

    @Test
    void idAndNameMayComeLater() {
        assertEquals(
                "[a:f{x=1}] tool_use",
                said(
                        calls(first(0, "", "", "{\"x\"")),
                        calls(first(0, "", "f", ":")),
                        calls(first(0, "a", "f", "1}")),
                        FINISH,
                        DONE));
    }

    @Test
    void anIdThatNeverComesIsMadeUp() {
        assertEquals(
                "[toolu_made-up_0:f{x=1}, toolu_made-up_1:g{}] tool_use",
                said(
                        calls("{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}"),
                        calls("{\"index\":1,\"id\":null,\"function\":{\"name\":\"g\"}}"),
                        FINISH,
                        DONE));
    }

    @Test
    void theDeprecatedFunctionCallIsACall() {
        assertEquals(
                "[toolu_made-up_0:f{x=1}] tool_use",
                said(
                        "{\"choices\":[{\"delta\":{\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}}]}",
                        "{\"choices\":[{\"delta\":{\"function_call\":{\"arguments\":\"{\\\"x\\\"\"}}}]}",
                        "{\"choices\":[{\"delta\":{\"function_call\":{\"arguments\":\":1}\"}}}]}",
                        "{\"choices\":[{\"delta\":{},\"finish_reason\":\"function_call\"}]}",
                        DONE));
    }

    @Test
    @DisplayName("trap 3: an id outside the pattern is written with underscores")
    void anIdOutsideThePatternIsRewritten() {
        assertEquals(
                "[functions_add_0:add{}] tool_use",
                said(calls(first(0, "functions.add:0", "add", "{}")), FINISH, DONE));
        assertEquals("[call_-78:add{}] tool_use", said(calls(first(0, "call_-78", "add", "{}")), FINISH, DONE));
    }

    @Test
    @DisplayName("trap 6: a tool is called what the client calls it")
    void aToolIsCalledWhatTheClientCallsIt() {
        TranslatedRequest request = ChunkStream.request();
        request.toolNames().put("mcp_short", "mcp__a_very_\"long\"_name_é");
        AnthropicStream stream = ChunkStream.of(
                        request,
                        calls(first(0, "a", "mcp_short", "{}"), first(1, "b", "other", "{}")),
                        // Repeated, as some do: still the same call.
                        calls(first(1, "b2", "other", "")),
                        FINISH,
                        DONE)
                .read();
        assertEquals("[a:mcp__a_very_\"long\"_name_é{}, b:other{}] tool_use", said(stream));
    }

    @Test
    void argumentsCutOffByTheLimitStayCutOff() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                calls(first(0, "a", "f", "{\"x\":\"lo")),
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}",
                DONE);
        assertEquals("[a:f{\"x\":\"lo] max_tokens", said(outcome.read()));
    }

    @Test
    void whatStandsBehindTheArgumentsIsDropped() {
        assertEquals(
                "[a:f{x=1}, b:g{}] tool_use",
                said(
                        calls(first(0, "a", "f", " {\"x\":1}\n}")),
                        calls(first(1, "b", "g", "{}")),
                        calls(more(0, "{}")),
                        FINISH,
                        DONE));
    }

    @Test
    void noiseThatCallsNobodyIsDropped() {
        assertEquals(
                "[text:x] end_turn",
                said(
                        text("x"),
                        calls("{\"index\":0,\"id\":null,\"function\":{\"name\":null,\"arguments\":\"\"}}"),
                        FINISH,
                        DONE));
        assertEquals("[text:x] end_turn", said(text("x"), calls("{}", "null", "7"), FINISH, DONE));
    }

    @Test
    void argumentsForNobodyAreAnError() {
        ChunkStream.Outcome outcome = ChunkStream.of(calls(more(0, "{\"x\":1}")), FINISH, DONE);
        assertEquals(Progress.FAILED, outcome.progress());
        assertEquals(List.of("message_start", "error"), outcome.read().names);
    }

    @Test
    @DisplayName("trap 38: half a call is closed and never a success")
    void halfACallIsNeverASuccess() {
        ChunkStream.Outcome outcome =
                ChunkStream.of(calls(first(0, "a", "f", "{\"path\":\"/tm")), calls(first(1, "b", "g", "{}")));
        assertEquals(Progress.FAILED, outcome.progress());
        AnthropicStream stream = outcome.read();
        assertEquals(1, stream.blocks().size());
        assertFalse(stream.names.contains("message_delta"));
    }

    @Test
    @DisplayName("trap 41: a call with a fragment lost in a glued frame is an error")
    void aCallWithALostFragmentIsAnError() {
        String glued = "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"argumdata: ";
        assertEquals(
                Progress.FAILED,
                ChunkStream.of(calls(first(0, "a", "f", "{\"x\":")), glued + calls(more(0, "[")), FINISH, DONE)
                        .progress());
        assertEquals(
                Progress.DONE,
                ChunkStream.of(calls(first(0, "a", "f", "{\"x\":")), glued + calls(more(0, "1}")), FINISH, DONE)
                        .progress());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWaitsIsBounded(boolean text) {
        String filler = "x".repeat(64 * 1024);
        String piece = text ? text(filler) : calls(more(1, filler));
        int fit = ChunksToMessageEvents.MAX_HELD_BYTES / filler.length() - 1;
        List<String> events = new ArrayList<>();
        events.add(calls(first(0, "a", "f", "{")));
        events.add(calls(first(1, "b", "g", "{\"")));
        for (int i = 0; i < fit; i++) {
            events.add(piece);
        }
        List<String> enough = new ArrayList<>(events);
        enough.add(calls(more(1, "\":1}"), more(0, "}")));
        enough.add(DONE);
        assertEquals(
                Progress.DONE, ChunkStream.of(enough.toArray(new String[0])).progress());
        events.add(piece);
        events.add(piece);
        events.add(DONE);
        ChunkStream.Outcome outcome = ChunkStream.of(events.toArray(new String[0]));
        assertEquals(Progress.FAILED, outcome.progress());
        assertEquals("error", outcome.read().names.get(outcome.read().names.size() - 1));
    }

    @Test
    void callsAreBounded() {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < ToolCalls.MAX_CALLS; i++) {
            events.add(calls(first(i, "id" + i, "f", "{}")));
        }
        events.add(FINISH);
        assertEquals(
                Progress.DONE, ChunkStream.of(events.toArray(new String[0])).progress());
        events.add(1, calls(first(9999, "more", "f", "{}")));
        assertEquals(
                Progress.FAILED, ChunkStream.of(events.toArray(new String[0])).progress());
    }

    @Test
    void whatWasHeldAndSaidIsHeldNoMore() {
        String filler = "x".repeat(128 * 1024);
        List<String> events = new ArrayList<>();
        int pairs = ChunksToMessageEvents.MAX_HELD_BYTES / filler.length() + 4;
        for (int i = 0; i < 2 * pairs && i + 1 < ToolCalls.MAX_CALLS; i += 2) {
            events.add(calls(first(i, "a" + i, "f", "{")));
            events.add(calls(first(i + 1, "b" + i, "g", "{\"x\":\"" + filler + "\"}")));
            events.add(text(filler));
            events.add(calls(more(i, "}")));
        }
        events.add(FINISH);
        assertEquals(
                Progress.DONE, ChunkStream.of(events.toArray(new String[0])).progress());
    }

    @Test
    void whatIsStillHeldAtTheEndIsSaid() {
        assertEquals(
                "[a:f{\"x\":, thinking:hm, text:t, b:g{\"y] max_tokens",
                said(
                        calls(first(0, "a", "f", "{\"x\":")),
                        calls(first(1, "b", "g", "{\"y")),
                        text("t"),
                        "{\"choices\":[{\"delta\":{\"reasoning\":\"hm\"},\"finish_reason\":\"length\"}]}",
                        DONE));
    }

    @Test
    void aCallThatIsRepeatedWholeIsOneCall() {
        String whole = calls(first(0, "a", "f", "{\"x\":1}"));
        assertEquals("[a:f{x=1}] tool_use", said(whole, whole, FINISH, DONE));
    }

    @Test
    void aChunkThatFailsSaysNothingOfWhatItBegan() {
        String[] fragments = new String[ToolCalls.MAX_CALLS + 1];
        for (int i = 0; i < fragments.length; i++) {
            fragments[i] = first(i, "id" + i, "f", "{}");
        }
        String tooMany = calls(fragments).replace("\"content\":\"\"", "\"content\":\"y\"");
        ChunkStream.Outcome atOnce = ChunkStream.of(tooMany);
        assertEquals(Progress.FAILED, atOnce.progress());
        assertEquals("", atOnce.text());
        AnthropicStream later = ChunkStream.of("{\"choices\":[{\"delta\":{\"reasoning\":\"x\"}}]}", tooMany)
                .read();
        assertEquals("[{type=thinking, thinking=x, signature=}]", later.blocks().toString());
    }
}
