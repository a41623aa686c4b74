package dev.slipstream.config;

import dev.slipstream.codec.Dialect;
import java.util.Locale;

/**
 * A provider's base URL, taken apart. Only what a provider can be reached by is let through: no other scheme, no
 * credentials, no query, no address that belongs to the machine's own link.
 *
 * @param hostHeader as it goes on the wire: the port stands in it unless it is the scheme's own
 * @param path without a trailing slash, and without the dialect's own ending
 */
record BaseUrl(boolean tls, HostPort address, String hostHeader, String path) {
    static BaseUrl parse(String text, Dialect dialect) throws BadValueException {
        int colon = text.indexOf("://");
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("https");
        if (!tls && !scheme.equals("http")) {
            throw new BadValueException("must begin with https:// or http://");
        }
        if (!Text.isVisibleAscii(text) || text.indexOf('\\') >= 0) {
            throw new BadValueException("holds a character that a URL must not hold");
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw new BadValueException("must not have a query or a fragment");
        }
        String rest = text.substring(colon + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        if (authority.indexOf('@') >= 0) {
            throw new BadValueException("must not hold a user or a password; use api_key");
        }
        HostPort address = addressOf(authority, tls ? 443 : 80);
        if (Hosts.isMetadata(address.host())) {
            throw new BadValueException("names a link-local or metadata address, which no provider has");
        }
        String bracketed = address.host().indexOf(':') >= 0 ? "[" + address.host() + "]" : address.host();
        String hostHeader = address.port() == (tls ? 443 : 80) ? bracketed : address.toString();
        return new BaseUrl(tls, address, hostHeader, pathOf(slash < 0 ? "" : rest.substring(slash), dialect));
    }

    private static HostPort addressOf(String authority, int defaultPort) throws BadValueException {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (end <= 0 && !authority.startsWith("[")) {
            end = end < 0 ? authority.length() : 0;
        }
        int port = defaultPort;
        if (end < authority.length()) {
            port = authority.charAt(end) == ':' ? Hosts.port(authority.substring(end + 1)) : -1;
            if (port <= 0) {
                throw new BadValueException("must have a port from 1 to 65535, or none");
            }
        }
        return new HostPort(Hosts.host(authority.substring(0, end)), port);
    }

    private static String pathOf(String text, Dialect dialect) throws BadValueException {
        String path = withoutSlashes(text);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean isEscape = c == '%'
                    && i + 2 < path.length()
                    && Character.digit(path.charAt(i + 1), 16) >= 0
                    && Character.digit(path.charAt(i + 2), 16) >= 0;
            if (!isEscape && !Text.isLetterOrDigit(c) && "/-._~!$&'()*+,;=:@".indexOf(c) < 0) {
                throw new BadValueException("holds a path that a URL must not hold");
            }
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw new BadValueException("must not hold . or .. in its path");
            }
        }
        String ending = switch (dialect) {
            case OPENAI -> "/chat/completions";
            case ANTHROPIC -> "/v1/messages";
        };
        return path.endsWith(ending) ? withoutSlashes(path.substring(0, path.length() - ending.length())) : path;
    }

    private static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
