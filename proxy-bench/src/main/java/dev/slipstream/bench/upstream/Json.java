package dev.slipstream.bench.upstream;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as maps and lists. Far from the fastest way, which does not matter here: a request is read once, and
 * what repeats in a stream is written once and reused.
 */
final class Json {
    /** Thread-safe by its own documentation; readers and writers are per call. */
    private final DslJson<Object> dslJson = new DslJson<>();

    /**
     * Reads one object.
     *
     * @throws IOException if the bytes are not one JSON object
     */
    @SuppressWarnings("unchecked") // JSON objects have string keys
    Map<String, @Nullable Object> readObject(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            throw new IOException("empty body");
        }
        Map<String, @Nullable Object> read = dslJson.deserialize(Map.class, bytes, bytes.length);
        if (read == null) {
            throw new IOException("not a JSON object");
        }
        return read;
    }

    byte[] write(Map<String, ? extends @Nullable Object> object) {
        JsonWriter writer = dslJson.newWriter();
        try {
            dslJson.serialize(writer, object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toByteArray();
    }

    /** An object with its keys in the given order: key, value, key, value. */
    static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return object;
    }

    /** The value as an object, or an empty one where it is something else. */
    @SuppressWarnings("unchecked") // JSON objects have string keys
    static Map<String, @Nullable Object> asObject(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    /** The member as an object, or an empty one where it is absent or something else. */
    static Map<String, @Nullable Object> child(Map<?, ? extends @Nullable Object> object, String key) {
        return asObject(object.get(key));
    }

    /** The member as a list, or an empty one where it is absent or something else. */
    static List<?> list(Map<?, ? extends @Nullable Object> object, String key) {
        return object.get(key) instanceof List<?> list ? list : List.of();
    }

    /** The member as text, or the empty string where it is absent or something else. */
    static String text(Map<?, ? extends @Nullable Object> object, String key) {
        return object.get(key) instanceof String text ? text : "";
    }

    /** The member as a number, or {@code fallback} where it is absent or something else. */
    static long number(Map<?, ? extends @Nullable Object> object, String key, long fallback) {
        return object.get(key) instanceof Number number ? number.longValue() : fallback;
    }
}
