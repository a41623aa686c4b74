package dev.slipstream.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A recycled exchange is like a new one: what a field held of a request is gone when the next one comes. */
final class ResetTest {
    @Test
    void nothingOfARequestIsLeftInARecycledExchange() throws ReflectiveOperationException {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client();
            Exchange fresh = FreeExchange.of(proxy);
            Map<String, Object> before = simpleState(fresh);
            String body = "{\"stream\":true,\"model\":\"open-x-openai\",\"messages\":[]}";
            client.send("POST /v1/chat/completions?a=b HTTP/1.1\r\nhost: p\r\nanthropic-version: x\r\n"
                    + "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
            proxy.provider(0).send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
            assertEquals(before, simpleState(fresh));
        }
    }

    /** Every field of the exchange and of its own parts that holds a value of its own: numbers, flags, enums, text, nulls. */
    private static Map<String, Object> simpleState(Exchange exchange) throws ReflectiveOperationException {
        Map<String, Object> state = new LinkedHashMap<>();
        collect(exchange, "exchange", state);
        for (String part : new String[] {"path", "plan", "body", "stages", "responseHead"}) {
            Field field = Exchange.class.getDeclaredField(part);
            field.setAccessible(true);
            collect(field.get(exchange), part, state);
        }
        return state;
    }

    private static void collect(Object object, String name, Map<String, Object> state)
            throws ReflectiveOperationException {
        for (Field field : object.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || Modifier.isFinal(field.getModifiers())) {
                continue;
            }
            if (field.getName().equals("generation") || field.getName().equals("work")) {
                // The one counts on, the other is kept for the next request.
                continue;
            }
            field.setAccessible(true);
            Object value = field.get(object);
            boolean own = value == null
                    || value instanceof Number
                    || value instanceof Boolean
                    || value instanceof Enum<?>
                    || value instanceof String
                    || (value instanceof byte[] bytes && bytes.length == 0);
            state.put(
                    name + "." + field.getName(),
                    own && !(value instanceof byte[]) ? String.valueOf(value) : kind(value));
        }
    }

    private static String kind(Object value) {
        return value instanceof Object[] array
                ? array.getClass().getSimpleName() + array.length
                : value.getClass().getSimpleName();
    }
}
