package dev.slipstream.codec.translate;

/** Events of the Anthropic dialect, to be put together. Texts are given as JSON escapes them. */
final class ProviderEvents {
    static final String START = """
            {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x",\
            "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,\
            "cache_creation_input_tokens":3,"cache_read_input_tokens":4,"output_tokens":1}}}""";
    static final String STOP = "{\"type\":\"message_stop\"}";

    private ProviderEvents() {}

    static String block(int index, String block) {
        return "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}";
    }

    static String textBlock(int index) {
        return block(index, "{\"type\":\"text\",\"text\":\"\"}");
    }

    static String toolBlock(int index, String id, String name) {
        return block(index, "{\"type\":\"tool_use\",\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"input\":{}}");
    }

    static String delta(int index, String delta) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}";
    }

    static String text(int index, String escaped) {
        return delta(index, "{\"type\":\"text_delta\",\"text\":\"" + escaped + "\"}");
    }

    static String thinking(int index, String escaped) {
        return delta(index, "{\"type\":\"thinking_delta\",\"thinking\":\"" + escaped + "\"}");
    }

    static String json(int index, String escaped) {
        return delta(index, "{\"type\":\"input_json_delta\",\"partial_json\":\"" + escaped + "\"}");
    }

    static String stop(int index) {
        return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
    }

    static String reason(String stopReason) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + stopReason
                + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":25}}";
    }
}
