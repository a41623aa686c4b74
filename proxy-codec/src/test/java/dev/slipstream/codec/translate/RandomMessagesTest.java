package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random messages, streamed in random fragments with everything between that may stand there, and whole: the client
 * makes the same of both, and of a cut never a success.
 */
class RandomMessagesTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 2000);
    private static final String[] TEXTS = {
        "a",
        "two words ",
        "\\n",
        "\\\"",
        "\\\\",
        "\\u00e9",
        "é",
        "🚀",
        "\\ud83d\\ude80",
        "{",
        "}",
        "data: ",
        "\\r\\n\\r\\n",
        "[DONE]"
    };
    private static final String[] BETWEEN = {
        "{\"type\":\"ping\"}", "{\"type\":\"content_block_of_tomorrow\",\"index\":0,\"error\":null}", "{}"
    };
    private static final String[] REASONS = {
        "end_turn", "tool_use", "max_tokens", "stop_sequence", "refusal", "pause_turn", "something"
    };

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> events = new ArrayList<>();
    private final StringBuilder content = new StringBuilder();
    private int index;

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(TEXTS[random.nextInt(TEXTS.length)]);
        }
        return text.toString();
    }

    /** The JSON of a tool's input, compact. */
    private String input() {
        StringBuilder input = new StringBuilder("{");
        for (int i = random.nextInt(3), first = i; i > 0; i--) {
            input.append(i == first ? "" : ",").append("\"k").append(i).append("\":");
            switch (random.nextInt(4)) {
                case 0 -> input.append("[1.50,{},\"").append(text()).append("\"]");
                case 1 -> input.append("null");
                case 2 -> input.append("{\"x\":-1e3}");
                default -> input.append('"').append(text()).append('"');
            }
        }
        return input.append('}').toString();
    }

    /** Cut anywhere but inside an escape or a character: for those see the recorded bytes. */
    private List<String> fragments(String escaped) {
        List<String> fragments = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < escaped.length(); ) {
            int length = escaped.charAt(at) != '\\'
                    ? Character.charCount(escaped.codePointAt(at))
                    : escaped.charAt(at + 1) == 'u' ? 6 : 2;
            at += length;
            if (random.nextInt(4) == 0) {
                fragments.add(escaped.substring(from, at));
                from = at;
            }
        }
        fragments.add(escaped.substring(from));
        return fragments;
    }

    private void between() {
        while (random.nextInt(5) == 0) {
            events.add(BETWEEN[random.nextInt(BETWEEN.length)]);
        }
    }

    private void block(String start, String whole, String deltaType, String deltaKey, List<String> fragments) {
        String at = "\"index\":" + index;
        events.add("{\"type\":\"content_block_start\"," + at + ",\"content_block\":" + start + "}");
        for (String fragment : fragments) {
            between();
            events.add("{\"type\":\"content_block_delta\"," + at + ",\"delta\":{\"type\":\"" + deltaType + "\",\""
                    + deltaKey + "\":\"" + fragment + "\"}}");
        }
        between();
        if (random.nextInt(20) > 0) {
            events.add("{\"type\":\"content_block_stop\"," + at + "}");
        }
        content.append(content.isEmpty() ? "" : ",").append(whole);
        index += random.nextInt(10) == 0 ? 3 : 1;
    }

    private void anyBlock() {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                String text = text();
                block(
                        "{\"type\":\"text\",\"text\":\"\"}",
                        "{\"type\":\"text\",\"text\":\"" + text + "\"}",
                        "text_delta",
                        "text",
                        fragments(text));
            }
            case 2 -> {
                String text = text();
                block(
                        "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                        "{\"type\":\"thinking\",\"thinking\":\"" + text + "\",\"signature\":\"s\"}",
                        "thinking_delta",
                        "thinking",
                        fragments(text));
            }
            case 3 ->
                block(
                        "{\"type\":\"redacted_thinking\",\"data\":\"d\"}",
                        "{\"type\":\"redacted_thinking\",\"data\":\"d\"}",
                        "signature_delta",
                        "signature",
                        List.of("s"));
            case 4 -> {
                String tool = "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":";
                block(
                        tool + "{}}",
                        tool + "{\"q\":1}}",
                        "input_json_delta",
                        "partial_json",
                        List.of("{\\\"q\\\"", ":1}"));
            }
            default -> {
                String input = input();
                String tool =
                        "{\"type\":\"tool_use\",\"id\":\"toolu_" + index + "\",\"name\":\"f" + index + "\",\"input\":";
                boolean comesWithTheStart = random.nextInt(4) == 0;
                List<String> fragments = comesWithTheStart || input.equals("{}")
                        ? List.of("")
                        : fragments(input.replace("\\", "\\\\").replace("\"", "\\\""));
                block(
                        tool + (comesWithTheStart ? input : "{}") + "}",
                        tool + input + "}",
                        "input_json_delta",
                        "partial_json",
                        fragments);
            }
        }
    }

    private String message(String contentJson, String stopReason, String usage) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":["
                + contentJson + "],\"stop_reason\":" + stopReason + ",\"usage\":" + usage + "}";
    }

    @Test
    void whatAStreamAmountsToIsWhatTheWholeAnswerSays() {
        int cuts = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String about = "-Dseed=" + seed + " round " + round;
            events.clear();
            content.setLength(0);
            index = 0;
            String reason = '"' + REASONS[random.nextInt(REASONS.length)] + '"';
            String usage = "{\"input_tokens\":" + random.nextInt(1000) + ",\"cache_read_input_tokens\":"
                    + random.nextInt(1000) + ",\"output_tokens\":" + random.nextInt(1000) + "}";
            boolean comesLate = random.nextBoolean();
            events.add("{\"type\":\"message_start\",\"message\":"
                    + message("", "null", comesLate ? "{\"input_tokens\":0}" : usage) + "}");
            for (int i = random.nextInt(5); i > 0; i--) {
                between();
                anyBlock();
            }
            int reasonAt = events.size();
            events.add("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":" + reason + "},\"usage\":"
                    + (comesLate ? usage : "null") + "}");
            between();
            events.add("{\"type\":\"message_stop\"}");
            ChunkTranslation streamed = new ChunkTranslation();
            CompletionAnswer answer = streamed.answerTo(events.toArray(String[]::new));
            assertEquals(Progress.DONE, streamed.progress, about);
            CompletionAnswer whole =
                    ChunkTranslation.whole(message(content.toString(), reason, usage), streamed.request);
            assertEquals(whole.compact(), answer.compact(), about);
            cuts += assertACutIsAnError(random.nextInt(reasonAt + 1), about);
        }
        assertTrue(cuts > ROUNDS / 2);
    }

    private int assertACutIsAnError(int cut, String about) {
        ChunkTranslation streamed = new ChunkTranslation();
        events.subList(0, cut).forEach(streamed::event);
        streamed.end().failIfStarted();
        CompletionAnswer answer = streamed.answer();
        assertNull(answer.finish(), about);
        assertEquals(cut > 0, answer.error() != null, about);
        return cut > 0 ? 1 : 0;
    }
}
