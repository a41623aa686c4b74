package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;

/**
 * Writes the events of a stream of the Anthropic dialect, with their framing: both the event's name, by which clients
 * dispatch, and data of the same type.
 */
final class MessageEvents {
    private static final byte[] MESSAGE_START =
            ascii("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"");
    private static final byte[] MESSAGE_MODEL = ascii("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
    private static final byte[] MESSAGE_USAGE =
            ascii(",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":");
    private static final byte[] BLOCK_START =
            ascii("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
    private static final byte[] TEXT_BLOCK = ascii(",\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
    // Nobody but Anthropic can sign, and the block's type demands the key; a delta with a signature is left out.
    private static final byte[] THINKING_BLOCK =
            ascii(",\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n");
    private static final byte[] TOOL_BLOCK = ascii(",\"content_block\":{\"type\":\"tool_use\",\"id\":\"");
    private static final byte[] TOOL_NAME = ascii("\",\"name\":\"");
    private static final byte[] TOOL_INPUT = ascii("\",\"input\":{}}}\n\n");
    private static final byte[] BLOCK_DELTA =
            ascii("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
    private static final byte[] TEXT_DELTA = ascii(",\"delta\":{\"type\":\"text_delta\",\"text\":\"");
    private static final byte[] THINKING_DELTA = ascii(",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"");
    private static final byte[] INPUT_DELTA = ascii(",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"");
    private static final byte[] DELTA_END = ascii("\"}}\n\n");
    private static final byte[] BLOCK_STOP =
            ascii("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
    private static final byte[] MESSAGE_DELTA =
            ascii("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"");
    private static final byte[] DELTA_USAGE = ascii("\",\"stop_sequence\":null},\"usage\":");
    private static final byte[] MESSAGE_STOP = ascii("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    private static final byte[] ERROR = ascii("event: error\ndata: ");
    private static final byte[] END = ascii("}\n\n");
    private static final byte[] BLANK_LINE = ascii("\n\n");

    private MessageEvents() {}

    /** Appends the beginning of {@code message_start}; the id follows, without quotes. */
    static void messageStart(JsonOutput out) {
        out.raw(MESSAGE_START);
    }

    /** Behind the id of {@code message_start}; the model follows, with quotes. */
    static void messageModel(JsonOutput out) {
        out.raw(MESSAGE_MODEL);
    }

    /** Behind the model of {@code message_start}; the usage follows. */
    static void messageUsage(JsonOutput out) {
        out.raw(MESSAGE_USAGE);
    }

    /** Behind the usage of {@code message_start}. */
    static void messageStarted(JsonOutput out) {
        out.raw('}').raw(END);
    }

    static void textStart(JsonOutput out, int index) {
        out.raw(BLOCK_START).number(index).raw(TEXT_BLOCK);
    }

    static void thinkingStart(JsonOutput out, int index) {
        out.raw(BLOCK_START).number(index).raw(THINKING_BLOCK);
    }

    /** {@code id} and {@code name} are escaped. */
    static void toolStart(JsonOutput out, int index, EscapedText id, EscapedText name) {
        out.raw(BLOCK_START).number(index).raw(TOOL_BLOCK).raw(id.bytes(), 0, id.length());
        out.raw(TOOL_NAME).raw(name.bytes(), 0, name.length()).raw(TOOL_INPUT);
    }

    /** {@code text[from, to)} is escaped. */
    static void textDelta(JsonOutput out, int index, byte[] text, int from, int to) {
        delta(out, index, TEXT_DELTA, text, from, to);
    }

    /** {@code text[from, to)} is escaped. */
    static void thinkingDelta(JsonOutput out, int index, byte[] text, int from, int to) {
        delta(out, index, THINKING_DELTA, text, from, to);
    }

    /** {@code text[from, to)} is escaped. */
    static void inputDelta(JsonOutput out, int index, byte[] text, int from, int to) {
        delta(out, index, INPUT_DELTA, text, from, to);
    }

    private static void delta(JsonOutput out, int index, byte[] kind, byte[] text, int from, int to) {
        out.raw(BLOCK_DELTA).number(index).raw(kind).raw(text, from, to).raw(DELTA_END);
    }

    static void blockStop(JsonOutput out, int index) {
        out.raw(BLOCK_STOP).number(index).raw(END);
    }

    /** Appends the beginning of {@code message_delta}; the usage follows. */
    static void messageDelta(JsonOutput out, byte[] stopReason) {
        out.raw(MESSAGE_DELTA).raw(stopReason).raw(DELTA_USAGE);
    }

    /** Behind the usage of {@code message_delta}: ends it, and the message. */
    static void messageStop(JsonOutput out) {
        out.raw(END).raw(MESSAGE_STOP);
    }

    static void error(JsonOutput out, ProviderError error, String requestId) {
        out.raw(ERROR);
        error.writeAnthropic(out, requestId);
        out.raw(BLANK_LINE);
    }
}
