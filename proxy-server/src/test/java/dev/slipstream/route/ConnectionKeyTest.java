package dev.slipstream.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.slipstream.config.HostPort;
import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.PoolConfig;
import dev.slipstream.config.ProviderTls;
import dev.slipstream.config.TlsEngine;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers that differ in anything must not share connections: no part may be forgotten in a method written by hand. */
@DisplayName("What connections are pooled by")
class ConnectionKeyTest {
    private static Object value(Class<?> type, int variant) {
        if (type == int.class) {
            return 80 + variant;
        }
        if (type == long.class) {
            return 5L + variant;
        }
        if (type == String.class) {
            return "text" + variant;
        }
        if (type == HttpVersionChoice.class) {
            return variant == 0 ? HttpVersionChoice.AUTO : HttpVersionChoice.H2C;
        }
        if (type == TlsEngine.class) {
            return variant == 0 ? TlsEngine.AUTO : TlsEngine.JDK;
        }
        return record(type, -1, variant);
    }

    /** @param other the part that is another one; -1: the variant goes for all of it */
    private static Object record(Class<?> type, int other, int variant) {
        RecordComponent[] parts = type.getRecordComponents();
        Object[] values = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            values[i] = value(parts[i].getType(), other < 0 || i == other ? variant : 0);
        }
        return make(type, values);
    }

    private static Object make(Class<?> type, @Nullable Object... values) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @ParameterizedTest
    @DisplayName("is equal in all parts or not equal")
    @ValueSource(classes = {ConnectionKey.class, HostPort.class, ProviderTls.class, PoolConfig.class})
    void everyPartCounts(Class<?> type) {
        Object one = record(type, -1, 0);
        assertEquals(one, record(type, -1, 0));
        assertEquals(one.hashCode(), record(type, -1, 0).hashCode());
        assertNotEquals(one, null);
        assertNotEquals(one, "text");
        for (int i = 0; i < type.getRecordComponents().length; i++) {
            assertNotEquals(one, record(type, i, 1), type.getRecordComponents()[i].getName());
        }
    }

    @ParameterizedTest
    @DisplayName("has TLS or has none")
    @ValueSource(booleans = {false, true})
    void tls(boolean has) {
        ProviderTls tls = (ProviderTls) record(ProviderTls.class, -1, 0);
        HostPort address = new HostPort("a", 1);
        PoolConfig pool = new PoolConfig(1, 2, 3, 4, 5);
        ConnectionKey key = new ConnectionKey(address, has ? tls : null, HttpVersionChoice.AUTO, pool, 1, 2);
        assertEquals(key, new ConnectionKey(address, has ? tls : null, HttpVersionChoice.AUTO, pool, 1, 2));
        assertNotEquals(key, new ConnectionKey(address, has ? null : tls, HttpVersionChoice.AUTO, pool, 1, 2));
    }
}
