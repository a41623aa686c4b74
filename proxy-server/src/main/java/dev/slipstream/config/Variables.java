package dev.slipstream.config;

import java.util.Map;
import java.util.Set;

/**
 * Fills variables of the environment in: a name in braces after a dollar sign, with {@code :-default} behind the name
 * if the user likes. The default holds, as in a shell, where the variable is unset or empty. A doubled dollar sign
 * before a brace stands for itself. What a variable holds is text: it is never read as YAML and never expanded again.
 */
final class Variables {
    /** In characters; a value that repeats a long variable must not fill the memory. */
    private static final int MAX_VALUE_CHARS = 64 * 1024;

    private Variables() {}

    /** @param variable the first variable that was filled in; empty if none */
    record Filled(String text, String variable) {}

    /** @param used takes the names of all variables that are asked for */
    static Filled fill(String written, Map<String, String> environment, Set<String> used) throws BadValueException {
        if (written.indexOf('$') < 0) {
            return new Filled(written, "");
        }
        StringBuilder text = new StringBuilder();
        String first = "";
        int at = 0;
        while (at < written.length()) {
            if (written.startsWith("$${", at)) {
                text.append("${");
                at += 3;
            } else if (written.startsWith("${", at)) {
                int end = written.indexOf('}', at);
                if (end < 0) {
                    throw new BadValueException("a ${ is not closed by } (write $${ for a literal ${)");
                }
                String name = nameOf(written.substring(at + 2, end));
                used.add(name);
                text.append(valueOf(name, written.substring(at + 2, end), environment));
                first = first.isEmpty() ? name : first;
                at = end + 1;
            } else {
                text.append(written.charAt(at));
                at++;
            }
            if (text.length() > MAX_VALUE_CHARS) {
                throw new BadValueException("the value is longer than 64 KiB");
            }
        }
        return new Filled(text.toString(), first);
    }

    private static String nameOf(String inner) throws BadValueException {
        int colon = inner.indexOf(":-");
        String name = colon < 0 ? inner : inner.substring(0, colon);
        boolean good = !name.isEmpty() && !(name.charAt(0) >= '0' && name.charAt(0) <= '9');
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            good &= (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        }
        if (!good) {
            throw new BadValueException("${…} must hold a variable's name, as ${NAME} or ${NAME:-default}");
        }
        return name;
    }

    private static String valueOf(String name, String inner, Map<String, String> environment) throws BadValueException {
        String value = environment.get(name);
        if (inner.length() > name.length()) {
            return value == null || value.isEmpty() ? inner.substring(name.length() + 2) : value;
        }
        if (value == null) {
            throw new BadValueException(
                    "the variable " + name + " is not set (${" + name + ":-default} would give it a default)");
        }
        return value;
    }
}
