package dev.slipstream.accesslog;

import com.dslplatform.json.JsonWriter;
import com.dslplatform.json.NumberConverter;
import dev.slipstream.codec.Dialect;
import dev.slipstream.exchange.AnswerFigures;
import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.failure.FailureKind;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes a record as a line of JSON, in ASCII alone: nothing in it can end the line or move a terminal's cursor. */
final class AccessLine {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private long second = Long.MIN_VALUE;
    /** The time up to {@link #second}, which is mostly that of the line before. */
    private String secondText = "";

    void write(AccessRecord record, JsonWriter out) {
        out.writeAscii("{\"time\":\"");
        time(record.epochMillis, out);
        out.writeAscii("\",\"request_id\":\"");
        // Of letters, digits and ._- alone, as RequestId has it.
        out.writeAscii(record.id, record.idLength);
        out.writeByte((byte) '"');
        if (record.key != null) {
            text(",\"key\":\"", record.key, out);
        }
        InetAddress client = record.client;
        if (client != null) {
            text(",\"client\":\"", client.getHostAddress(), out);
        }
        text(",\"method\":\"", record.method.name(), out);
        text(",\"route\":\"", record.route, out);
        text(",\"dialect\":\"", wordOf(record.dialect), out);
        number(",\"status\":", record.status, out);
        text(",\"reason\":\"", wordOf(record.reason), out);
        FailureKind error = record.error;
        if (error != null) {
            text(",\"error\":\"", error.word(), out);
        }
        upstream(record, out);
        out.writeAscii(record.stream ? ",\"stream\":true" : ",\"stream\":false");
        number(",\"request_bytes\":", record.requestBytes, out);
        number(",\"response_bytes\":", record.responseBytes, out);
        millis(",\"duration_ms\":", record.durationNanos, out);
        millis(",\"upstream_ms\":", record.attempts == 0 ? AnswerFigures.UNKNOWN : record.upstreamNanos, out);
        millis(",\"first_token_ms\":", record.firstTokenNanos, out);
        number(",\"gen_ai.usage.input_tokens\":", record.inputTokens, out);
        number(",\"gen_ai.usage.output_tokens\":", record.outputTokens, out);
        number(",\"cached_tokens\":", record.cachedTokens, out);
        number(",\"reasoning_tokens\":", record.reasoningTokens, out);
        out.writeAscii("}\n");
    }

    private static void upstream(AccessRecord record, JsonWriter out) {
        if (!record.model.isEmpty()) {
            text(",\"gen_ai.request.model\":\"", record.model, out);
        }
        if (!record.provider.equals(Exchange.NO_PROVIDER)) {
            text(",\"provider\":\"", record.provider, out);
        }
        number(",\"attempts\":", record.attempts, out);
    }

    private void time(long epochMillis, JsonWriter out) {
        long now = Math.floorDiv(epochMillis, 1000);
        if (now != second) {
            second = now;
            String text = Instant.ofEpochSecond(now).toString();
            secondText = text.substring(0, text.length() - 1);
        }
        out.writeAscii(secondText);
        thousandths((int) Math.floorMod(epochMillis, 1000L), out);
        out.writeByte((byte) 'Z');
    }

    /** {@code before} holds the name and the opening quote. */
    private static void text(String before, @Nullable String text, JsonWriter out) {
        out.writeAscii(before);
        for (int i = 0; text != null && i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.writeByte((byte) '\\');
                out.writeByte((byte) c);
            } else if (c >= ' ' && c <= '~') {
                out.writeByte((byte) c);
            } else {
                out.writeAscii("\\u");
                out.writeByte(HEX[c >> 12]);
                out.writeByte(HEX[c >> 8 & 15]);
                out.writeByte(HEX[c >> 4 & 15]);
                out.writeByte(HEX[c & 15]);
            }
        }
        out.writeByte((byte) '"');
    }

    private static void number(String before, long value, JsonWriter out) {
        if (value != AnswerFigures.UNKNOWN) {
            out.writeAscii(before);
            NumberConverter.serialize(value, out);
        }
    }

    /** Milliseconds with three decimals. */
    private static void millis(String before, long nanos, JsonWriter out) {
        if (nanos != AnswerFigures.UNKNOWN) {
            long micros = Math.max(0, nanos) / NANOS_PER_MICRO;
            number(before, micros / 1000, out);
            thousandths((int) (micros % 1000), out);
        }
    }

    private static void thousandths(int value, JsonWriter out) {
        out.writeByte((byte) '.');
        out.writeByte((byte) ('0' + value / 100));
        out.writeByte((byte) ('0' + value / 10 % 10));
        out.writeByte((byte) ('0' + value % 10));
    }

    private static String wordOf(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> "openai";
            case ANTHROPIC -> "anthropic";
        };
    }

    private static String wordOf(CloseReason reason) {
        return switch (reason) {
            case ANSWERED -> "answered";
            case CLIENT_LEFT -> "client_left";
            case BROKEN -> "broken";
        };
    }
}
