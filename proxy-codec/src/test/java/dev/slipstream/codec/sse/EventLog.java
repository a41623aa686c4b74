package dev.slipstream.codec.sse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a scanner tells. */
final class EventLog implements SseListener {
    private static final List<String> NAMES =
            List.of("error", "ping", "message_start", "x", "a-name-of-just-the-forty-bytes-that-count");

    final SseScanner scanner = new SseScanner();
    final List<SseOracle.Event> events = new ArrayList<>();
    final List<Long> ends = new ArrayList<>();
    int wholes;

    private final StringBuilder data = new StringBuilder();
    private boolean whole;

    @Override
    public void data(byte[] bytes, int from, int to, boolean whole) {
        if (to <= from || this.whole || (whole && !data.isEmpty())) {
            throw new AssertionError("empty, or not the whole");
        }
        this.whole = whole;
        wholes += whole ? 1 : 0;
        data.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void eventEnd(boolean hasData, long position) {
        ends.add(position);
        if (hasData) {
            events.add(new SseOracle.Event(name(), data.toString()));
        }
        data.setLength(0);
        whole = false;
    }

    private String name() {
        if (scanner.nameIs(new byte[0])) {
            return "";
        }
        for (String name : NAMES) {
            if (scanner.nameIs(name.getBytes(StandardCharsets.ISO_8859_1))) {
                return name;
            }
        }
        return "?";
    }

    static String known(String name) {
        return name.isEmpty() || (NAMES.contains(name) && name.length() <= SseScanner.MAX_NAME_BYTES) ? name : "?";
    }
}
