package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request translated, and what came of it; the output is read by another parser than ours. */
final class Translating {
    /** A model of which no table tells anything. */
    static final String MODEL = "some-model";

    private final JsonTree tree = new JsonTree();
    private final JsonOutput out = new JsonOutput();
    private final MessagesToChat messagesToChat = new MessagesToChat();
    private final ChatToMessages chatToMessages = new ChatToMessages();
    private TranslatedRequest request = new TranslatedRequest();
    private boolean isTranslated;

    /** {@code json} of {@code from} for a provider of the other dialect. False: refused. */
    boolean translate(Dialect from, byte[] json, ProviderTraits to, String model) {
        tree.reset();
        tree.append(json, 0, json.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse(), () -> "the test's own JSON: " + new String(json, UTF_8));
        return translateTree(from, to, model);
    }

    /** The same of what was parsed into {@link #tree}. */
    boolean translateTree(Dialect from, ProviderTraits to, String model) {
        out.reset(true);
        request.reset();
        byte[] modelJson = ('"' + model + '"').getBytes(UTF_8);
        isTranslated = switch (from) {
            case ANTHROPIC -> messagesToChat.translate(tree, to, modelJson, out, request);
            case OPENAI -> chatToMessages.translate(tree, to, modelJson, out, request);
        };
        assertEquals(isTranslated, request.refusal() == null, "refused, and says so");
        return isTranslated;
    }

    JsonTree tree() {
        return tree;
    }

    JsonOutput out() {
        return out;
    }

    TranslatedRequest request() {
        return request;
    }

    byte[] bytes() {
        ByteBuf document = Unpooled.buffer();
        out.writeTo(document, tree.text());
        byte[] bytes = new byte[document.readableBytes()];
        document.readBytes(bytes);
        assertEquals(out.documentBytes(), bytes.length);
        return bytes;
    }

    Map<String, Object> document() {
        try {
            return Checks.object(StrictJson.read(bytes()), "document");
        } catch (IOException e) {
            throw new UncheckedIOException(new String(bytes(), UTF_8), e);
        }
    }

    // ------------------------------------------------------------------ for tests that read as sentences

    /** An Anthropic request as the provider of {@code to} gets it, accepted by the strict validator. */
    static Map<String, Object> chat(String json, ProviderTraits to, String model) {
        Translating one = new Translating();
        boolean translated = one.translate(Dialect.ANTHROPIC, quoted(json), to, model);
        assertTrue(translated, one.request.refusal());
        Map<String, Object> document = one.document();
        ChatRequestValidator.check(document, to);
        return document;
    }

    static Map<String, Object> chat(String json, ProviderTraits to) {
        return chat(json, to, MODEL);
    }

    static Map<String, Object> chat(String json) {
        return chat(json, ProviderTraits.OPENAI_COMPATIBLE);
    }

    /** An OpenAI request as the provider of {@code to} gets it, accepted by the strict validator. */
    static Map<String, Object> messages(String json, ProviderTraits to, String model) {
        Translating one = new Translating();
        boolean translated = one.translate(Dialect.OPENAI, quoted(json), to, model);
        assertTrue(translated, one.request.refusal());
        Map<String, Object> document = one.document();
        MessagesRequestValidator.check(document, to);
        return document;
    }

    static Map<String, Object> messages(String json, ProviderTraits to) {
        return messages(json, to, MODEL);
    }

    static Map<String, Object> messages(String json) {
        return messages(json, ProviderTraits.ANTHROPIC);
    }

    /** The field that a request is refused for, and its message holds {@code why}. */
    static void assertRefused(Dialect from, String json, ProviderTraits to, String field, String why) {
        Translating one = new Translating();
        assertFalse(one.translate(from, quoted(json), to, MODEL));
        assertEquals(field, one.request.refusedField());
        String refusal = one.request.refusal();
        assertTrue(refusal != null && refusal.contains(why), refusal);
    }

    static void assertAbsent(Map<String, Object> document, String member) {
        assertNull(document.get(member), member);
        assertFalse(document.containsKey(member), member);
    }

    static Map<String, Object> message(Map<String, Object> document, int index) {
        List<Object> messages = Checks.list(document.get("messages"), "messages");
        return Checks.object(messages.get(index), "message");
    }

    static int messageCount(Map<String, Object> document) {
        return Checks.list(document.get("messages"), "messages").size();
    }

    /** What {@code json} with single quotes says, as another parser reads it. */
    static @Nullable Object json(String json) {
        try {
            return StrictJson.read(quoted(json));
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** Single quotes stand for double ones, so that the tests can be read. */
    static byte[] quoted(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }
}
