package dev.slipstream.bench.micro;

import dev.slipstream.codec.Dialect;

/** What is said in both dialects alike, for benches of translation. */
final class DialectBodies {
    private static final String SYSTEM = "You are a helpful assistant that answers briefly and precisely.";
    private static final String TEXT = "An answer of some words. ".repeat(10).trim();
    private static final int TURNS = 7;
    private static final int TOOLS = 10;

    private DialectBodies() {}

    /** A chat of about 1 KB. */
    static String chat(Dialect dialect) {
        return begin(dialect) + turns(0) + "]}";
    }

    private static String begin(Dialect dialect) {
        String common = "{\"model\":\"chat-model\",\"temperature\":0.7,\"max_tokens\":256,\"stream\":false,";
        return switch (dialect) {
            case OPENAI -> common + "\"messages\":[{\"role\":\"system\",\"content\":\"" + SYSTEM + "\"},";
            case ANTHROPIC -> common + "\"system\":\"" + SYSTEM + "\",\"messages\":[";
        };
    }

    private static String turns(int from) {
        StringBuilder turns = new StringBuilder();
        for (int i = from; i < TURNS; i++) {
            turns.append(i == from ? "" : ",")
                    .append("{\"role\":\"user\",\"content\":\"Please put paragraph ")
                    .append(i + 1)
                    .append(" of the text into one sentence, and say which of its claims you would check first.\"}");
        }
        return turns.toString();
    }

    /** Ten tools, a conversation in which two of them were called at once, and their results. */
    static String tools(Dialect dialect) {
        String question = "{\"role\":\"user\",\"content\":\"What is the weather in Berlin, and in \\\"Paris\\\"?\"},";
        return switch (dialect) {
            case OPENAI ->
                begin(dialect) + question + "{\"role\":\"assistant\",\"content\":\"I look.\",\"tool_calls\":["
                        + openAiCall(1) + "," + openAiCall(2) + "]}," + openAiResult(1) + "," + openAiResult(2) + ","
                        + turns(0) + "],\"tools\":["
                        + tools("{\"type\":\"function\",\"function\":{", "parameters", "}}")
                        + "]}";
            case ANTHROPIC ->
                begin(dialect) + question + "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":"
                        + "\"I look.\"}," + anthropicCall(1) + "," + anthropicCall(2) + "]},{\"role\":\"user\","
                        + "\"content\":[" + anthropicResult(1) + "," + anthropicResult(2) + "]}," + turns(0)
                        + "],\"tools\":[" + tools("{", "input_schema", "}") + "]}";
        };
    }

    private static String openAiCall(int number) {
        return "{\"id\":\"call_" + number + "\",\"type\":\"function\",\"function\":{\"name\":\"get_weather_" + number
                + "\",\"arguments\":\"{\\\"city\\\":\\\"Berlin\\\",\\\"days\\\":3}\"}}";
    }

    private static String anthropicCall(int number) {
        return "{\"type\":\"tool_use\",\"id\":\"toolu_" + number + "\",\"name\":\"get_weather_" + number
                + "\",\"input\":{\"city\":\"Berlin\",\"days\":3}}";
    }

    private static String openAiResult(int number) {
        return "{\"role\":\"tool\",\"tool_call_id\":\"call_" + number + "\",\"content\":\"" + TEXT + "\"}";
    }

    private static String anthropicResult(int number) {
        return "{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_" + number + "\",\"content\":\"" + TEXT + "\"}";
    }

    private static String tools(String before, String schema, String behind) {
        StringBuilder tools = new StringBuilder();
        for (int i = 1; i <= TOOLS; i++) {
            tools.append(i == 1 ? "" : ",")
                    .append(before)
                    .append("\"name\":\"get_weather_")
                    .append(i)
                    .append("\",\"description\":\"")
                    .append(TEXT)
                    .append("\",\"")
                    .append(schema)
                    .append("\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"description\":")
                    .append("\"Its name in its own language\"},\"days\":{\"type\":\"integer\",\"minimum\":1,")
                    .append("\"maximum\":14},\"unit\":{\"type\":\"string\",\"enum\":[\"c\",\"f\"]}},")
                    .append("\"required\":[\"city\"]}")
                    .append(behind);
        }
        return tools.toString();
    }

    /** A whole answer of about 600 B. */
    static String answer(Dialect dialect) {
        return switch (dialect) {
            case OPENAI ->
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"upstream-model\","
                        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + TEXT
                        + "\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":312,"
                        + "\"completion_tokens\":58,\"total_tokens\":370}}";
            case ANTHROPIC ->
                "{\"id\":\"msg_01XFDUDYJgAACzvnptvVoYEL\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"model\":\"upstream-model\",\"content\":[{\"type\":\"text\",\"text\":\"" + TEXT
                        + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":312,"
                        + "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":58}}";
        };
    }

    /** Data of the events of a stream: the first one, one of the many between, the last but one, and the last one. */
    static String[] events(Dialect dialect) {
        String chunk = "{\"id\":\"chatcmpl-BnQ4xHUVpkVYk3ZQ5hG2bqpJmWc5p\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1750000000,\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"index\":0,\"delta\":"
                + "{\"content\":\" Hello\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}";
        return switch (dialect) {
            case OPENAI ->
                new String[] {
                    chunk.replace("{\"content\":\" Hello\"}", "{\"role\":\"assistant\",\"content\":\"\"}"),
                    chunk,
                    chunk.replace("{\"content\":\" Hello\"}", "{}")
                            .replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"")
                            .replace("\"usage\":null", "\"usage\":{\"prompt_tokens\":108,\"completion_tokens\":79}"),
                    "[DONE]"
                };
            case ANTHROPIC ->
                new String[] {
                    "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                            + "\"model\":\"upstream-model\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                            + "\"usage\":{\"input_tokens\":108,\"output_tokens\":1}}}",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" Hello\"}}",
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                            + "\"usage\":{\"output_tokens\":79}}",
                    "{\"type\":\"message_stop\"}"
                };
        };
    }
}
