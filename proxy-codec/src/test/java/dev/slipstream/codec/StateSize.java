package dev.slipstream.codec;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** How much memory a scanner's state takes, to hold that it does not grow with what passes. */
public final class StateSize {
    private static final ClassValue<List<Field>> FIELDS = referencesOf(false);
    private static final ClassValue<List<Field>> CONSTANTS = referencesOf(true);

    private StateSize() {}

    private static ClassValue<List<Field>> referencesOf(boolean isStatic) {
        return new ClassValue<>() {
            @Override
            protected List<Field> computeValue(Class<?> type) {
                List<Field> fields = new ArrayList<>();
                for (Field field : type.getDeclaredFields()) {
                    if (Modifier.isStatic(field.getModifiers()) == isStatic
                            && !field.getType().isPrimitive()) {
                        field.setAccessible(true);
                        fields.add(field);
                    }
                }
                return fields;
            }
        };
    }

    /**
     * Objects of the codec and elements of arrays that can be reached from {@code root}, itself included; without what
     * constants hold.
     */
    public static long of(Object root) {
        return of(root, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static long of(Object object, Set<Object> seen) {
        if (!seen.add(object)) {
            return 0;
        }
        if (object.getClass().isArray()) {
            return Array.getLength(object);
        }
        if (!object.getClass().getName().startsWith("dev.slipstream.") || object instanceof Enum) {
            return 0;
        }
        long size = 1;
        try {
            for (Field constant : CONSTANTS.get(object.getClass())) {
                seen.add(constant.get(null));
            }
            for (Field field : FIELDS.get(object.getClass())) {
                Object value = field.get(object);
                size += value == null ? 0 : of(value, seen);
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
        return size;
    }
}
