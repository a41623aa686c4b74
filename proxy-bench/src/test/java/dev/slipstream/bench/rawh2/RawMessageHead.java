package dev.slipstream.bench.rawh2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decoded header block: a head, or trailers.
 *
 * @param fields in their order, pseudo fields among them
 */
public record RawMessageHead(int streamId, boolean endStream, List<Map.Entry<String, String>> fields) {
    public RawMessageHead {
        fields = List.copyOf(fields);
    }

    /** The first value, or null. */
    public @Nullable String get(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.get(0);
    }

    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (Map.Entry<String, String> field : fields) {
            if (field.getKey().equals(name)) {
                values.add(field.getValue());
            }
        }
        return values;
    }

    /** Of a response. */
    public int status() {
        String status = get(":status");
        return status == null ? 0 : Integer.parseInt(status);
    }
}
