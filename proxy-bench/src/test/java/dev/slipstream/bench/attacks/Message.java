package dev.slipstream.bench.attacks;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A message as it was on the wire; texts have one char per byte.
 *
 * @param complete whether its body came to its end
 */
record Message(String startLine, List<Field> fields, String body, boolean complete) {
    record Field(String name, String value) {}

    int status() {
        return Integer.parseInt(startLine.substring(9, 12));
    }

    /** The value of the first field of that name. */
    @Nullable
    String field(String name) {
        for (Field field : fields) {
            if (field.name().toLowerCase(Locale.ROOT).equals(name)) {
                return field.value();
            }
        }
        return null;
    }

    long count(String name) {
        return fields.stream()
                .filter(field -> field.name().toLowerCase(Locale.ROOT).equals(name))
                .count();
    }

    /** The body read as UTF-8. */
    String utf8() {
        return new String(Raw.bytes(body), StandardCharsets.UTF_8);
    }

    Message with(String newBody, boolean isComplete) {
        return new Message(startLine, fields, newBody, isComplete);
    }
}
