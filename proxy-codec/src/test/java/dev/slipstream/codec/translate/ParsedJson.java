package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dslplatform.json.DslJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as maps and lists, by a parser that nobody here has written. */
final class ParsedJson {
    private static final DslJson<Object> JSON = new DslJson<>();

    private ParsedJson() {}

    static Map<?, ?> object(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return object(bytes, bytes.length);
    }

    static Map<?, ?> object(byte[] bytes, int length) {
        try {
            Map<?, ?> object = JSON.deserialize(Map.class, bytes, length);
            if (object == null) {
                throw new AssertionError("null");
            }
            return object;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new AssertionError(new String(bytes, 0, length, UTF_8), e);
        }
    }

    static boolean isObject(String text) {
        try {
            object(text);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    static @Nullable Object at(@Nullable Object value, Object... path) {
        Object found = value;
        for (Object step : path) {
            if (found instanceof Map<?, ?> map) {
                found = map.get(step);
            } else if (found instanceof List<?> list && step instanceof Integer i && i < list.size()) {
                found = list.get(i);
            } else {
                return null;
            }
        }
        return found;
    }

    static Map<?, ?> objectAt(@Nullable Object value, Object... path) {
        if (at(value, path) instanceof Map<?, ?> object) {
            return object;
        }
        throw new AssertionError("no object at " + List.of(path) + " of " + value);
    }

    static String textAt(@Nullable Object value, Object... path) {
        return at(value, path) instanceof String text ? text : "";
    }

    static List<?> listAt(@Nullable Object value, Object... path) {
        return at(value, path) instanceof List<?> list ? list : List.of();
    }

    static long numberAt(@Nullable Object value, Object... path) {
        return at(value, path) instanceof Number number ? number.longValue() : -1;
    }
}
