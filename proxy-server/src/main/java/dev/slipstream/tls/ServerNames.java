package dev.slipstream.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who answers to which name. A certificate is for the DNS names of its subjectAltName, and {@code *.example.com} is for
 * every name with one label in the star's place (RFC 6125 §6.4.3). Immutable once filled.
 *
 * @param <T> who answers
 */
final class ServerNames<T> {
    private static final int DNS_NAME = 2;

    private final T byDefault;
    private final Map<String, T> exact = new HashMap<>();
    /** By what stands behind the star, its dot included. */
    private final Map<String, T> wildcards = new HashMap<>();

    /** @param byDefault who answers where no name was asked for, or one that nobody has */
    ServerNames(T byDefault) {
        this.byDefault = byDefault;
    }

    /** Adds the names of {@code certificate}; a name that was added before stays whose it was. */
    void add(X509Certificate certificate, T who) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return;
        }
        if (names == null) {
            return;
        }
        for (List<?> name : names) {
            if (Integer.valueOf(DNS_NAME).equals(name.get(0)) && name.get(1) instanceof String text) {
                add(text, who);
            }
        }
    }

    void add(String name, T who) {
        String lower = withoutRoot(name.toLowerCase(Locale.ROOT));
        if (lower.startsWith("*.")) {
            wildcards.putIfAbsent(lower.substring(1), who);
        } else {
            exact.putIfAbsent(lower, who);
        }
    }

    /** @param name in lower case, as a client sent it; null where it sent none */
    T find(@Nullable String name) {
        if (name == null) {
            return byDefault;
        }
        String asked = withoutRoot(name);
        T found = exact.get(asked);
        int dot = asked.indexOf('.');
        if (found == null && dot > 0) {
            found = wildcards.get(asked.substring(dot));
        }
        return found == null ? byDefault : found;
    }

    private static String withoutRoot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
