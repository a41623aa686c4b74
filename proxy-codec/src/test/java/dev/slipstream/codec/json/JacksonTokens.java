package dev.slipstream.codec.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A document as Jackson reads it, strictly: an oracle that nobody here has written. Numbers stay text, so that no
 * conversion hides a change.
 */
final class JacksonTokens {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            // What fuzzers make up for names must not fill tables for ever.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final JsonFactory WITHOUT_DUPLICATES = FACTORY.rebuild()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Pattern SURROGATE = Pattern.compile("\\\\u[dD][89a-fA-F]");

    private JacksonTokens() {}

    /**
     * The bytes decoded; null where Jackson cannot judge them: they are not UTF-8, or a name holds half of a surrogate
     * pair, which RFC 8259 lets pass and Jackson does not.
     */
    static @Nullable String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return hasBrokenName(text) ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean hasBrokenName(String text) {
        if (!SURROGATE.matcher(text).find()) {
            return false;
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            while (parser.nextToken() != null) {
                parser.skipChildren();
            }
            return false;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("urrogate");
        }
    }

    /** The tokens of a text that is one JSON object and nothing else; null if it is not. */
    static @Nullable List<String> read(String text) {
        return read(FACTORY, text);
    }

    /** Whether a text is one JSON object, and no object in it has a key twice. */
    static boolean isWithoutDuplicates(String text) {
        return read(WITHOUT_DUPLICATES, text) != null;
    }

    private static @Nullable List<String> read(JsonFactory factory, String text) {
        List<String> tokens = new ArrayList<>();
        // From text: of bytes Jackson guesses the encoding.
        try (JsonParser parser = factory.createParser(text)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (depth == 0 && (token != JsonToken.START_OBJECT || !tokens.isEmpty())) {
                    return null;
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                tokens.add(token.name() + ' ' + parser.getText());
            }
            return tokens.isEmpty() ? null : tokens;
        } catch (IOException e) {
            return null;
        }
    }

    static String string(String value) {
        return JsonToken.VALUE_STRING.name() + ' ' + value;
    }

    /** The index of the first token of the top-level {@code model}; -1 if there is none. */
    static int indexOfModel(List<String> tokens) {
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            depth += step(tokens.get(i));
            if (depth == 1 && tokens.get(i).equals(JsonToken.FIELD_NAME.name() + " model")) {
                return i + 1;
            }
        }
        return -1;
    }

    /** The tokens with one in place of the value, scalar or container, that begins at {@code index}. */
    static List<String> withValue(List<String> tokens, int index, String token) {
        int end = index;
        int depth = 0;
        do {
            depth += step(tokens.get(end));
            end++;
        } while (depth > 0);
        List<String> changed = new ArrayList<>(tokens.subList(0, index));
        changed.add(token);
        changed.addAll(tokens.subList(end, tokens.size()));
        return changed;
    }

    private static int step(String token) {
        return token.startsWith("START_") ? 1 : token.startsWith("END_") ? -1 : 0;
    }
}
