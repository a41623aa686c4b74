package dev.slipstream.codec.sse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The standard's algorithm as it is written there, over the stream as one text. */
public final class SseOracle {
    /** An event with data, bytes as chars. */
    public record Event(String name, String data) {}

    private SseOracle() {}

    public static List<Event> events(byte[] stream) {
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u00EF\u00BB\u00BF")) {
            text = text.substring(3);
        }
        text = text.replace("\r\n", "\n").replace('\r', '\n');
        List<Event> events = new ArrayList<>();
        StringBuilder data = new StringBuilder();
        String name = "";
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            String line = text.substring(start, end);
            start = end + 1;
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    events.add(new Event(name, data.substring(0, data.length() - 1)));
                }
                data.setLength(0);
                name = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            if (field.equals("data")) {
                data.append(value).append('\n');
            } else if (field.equals("event")) {
                name = value;
            }
        }
        return events;
    }
}
