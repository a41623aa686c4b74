package dev.slipstream.admin;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonWriter;
import com.dslplatform.json.NumberConverter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, iterables, strings, numbers, booleans and null as JSON, by hand on DSL-JSON's writer: its own conversion
 * of maps looks for converters by reflection at the first use.
 */
final class JsonText {
    private static final int FIRST_CAPACITY = 4096;

    /** Made at the first answer, not at start. */
    private static final class Lazy {
        static final DslJson<Object> DSL_JSON = new DslJson<>();
    }

    private JsonText() {}

    static byte[] bytes(Map<String, ?> object) {
        JsonWriter writer = Lazy.DSL_JSON.newWriter(FIRST_CAPACITY);
        write(object, writer);
        writer.writeByte((byte) '\n');
        return writer.toByteArray();
    }

    private static void write(@Nullable Object value, JsonWriter writer) {
        if (value == null) {
            writer.writeNull();
        } else if (value instanceof String text) {
            writer.writeString(text);
        } else if (value instanceof Map<?, ?> map) {
            writeObject(map, writer);
        } else if (value instanceof Iterable<?> array) {
            writeArray(array, writer);
        } else if (value instanceof Double || value instanceof Float) {
            writeDouble(((Number) value).doubleValue(), writer);
        } else if (value instanceof Number number) {
            NumberConverter.serialize(number.longValue(), writer);
        } else if (value instanceof Boolean) {
            writer.writeAscii(value.toString());
        } else {
            writer.writeString(value.toString());
        }
    }

    /** JSON has no word for what is no number. */
    private static void writeDouble(double value, JsonWriter writer) {
        if (Double.isFinite(value)) {
            NumberConverter.serialize(value, writer);
        } else {
            writer.writeNull();
        }
    }

    private static void writeObject(Map<?, ?> map, JsonWriter writer) {
        writer.writeByte(JsonWriter.OBJECT_START);
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!first) {
                writer.writeByte(JsonWriter.COMMA);
            }
            first = false;
            writer.writeString(String.valueOf(entry.getKey()));
            writer.writeByte(JsonWriter.SEMI);
            write(entry.getValue(), writer);
        }
        writer.writeByte(JsonWriter.OBJECT_END);
    }

    private static void writeArray(Iterable<?> array, JsonWriter writer) {
        writer.writeByte(JsonWriter.ARRAY_START);
        boolean first = true;
        for (Object element : array) {
            if (!first) {
                writer.writeByte(JsonWriter.COMMA);
            }
            first = false;
            write(element, writer);
        }
        writer.writeByte(JsonWriter.ARRAY_END);
    }
}
