package dev.slipstream.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Host names and address literals, checked without a single look-up. */
final class Hosts {
    private Hosts() {}

    /**
     * The host without brackets, in lower case.
     *
     * @throws BadValueException for what is neither a name, a dotted IPv4 address nor a bracketed IPv6 address; among
     *     these the spellings (2130706433, 0x7f.1) by which an address hides from checks
     */
    static String host(String text) throws BadValueException {
        String host = text.toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            String inner = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
            if (inner.indexOf(':') < 0 || inner.indexOf('%') >= 0 || literal(inner) == null) {
                throw new BadValueException("holds no valid IPv6 address between the brackets");
            }
            return inner;
        }
        if (host.indexOf(':') >= 0) {
            throw new BadValueException("an IPv6 address stands in brackets, as in [::1]:8080");
        }
        if (!isName(host)) {
            throw new BadValueException("holds no valid host name");
        }
        String last = host.substring(host.lastIndexOf('.') + 1);
        boolean isNumeric = isDigits(last) || last.startsWith("0x");
        if (isNumeric && !isDotted(host)) {
            throw new BadValueException("holds an address that is not in the form 127.0.0.1");
        }
        return host;
    }

    /** The port; -1 if it is none. */
    static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || !isDigits(text)) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port > 65_535 ? -1 : port;
    }

    /** Whether only this machine reaches it. A name other than localhost is taken to be reachable. */
    static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        InetAddress address = literal(host);
        return address != null && address.isLoopbackAddress();
    }

    /** Where clouds serve credentials to whoever asks from inside: never a provider. */
    static boolean isMetadata(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.equals("metadata.google.internal")) {
            return true;
        }
        InetAddress address = literal(name);
        if (address == null) {
            return false;
        }
        String canonical = address.getHostAddress();
        return address.isLinkLocalAddress()
                || isEmbeddedLinkLocal(address.getAddress())
                || canonical.equals("fd00:ec2:0:0:0:0:0:254")
                || canonical.equals("100.100.100.200");
    }

    /** 169.254.0.0/16 in the last four bytes of ::/96 or of 64:ff9b::/96 (RFC 6052), which some networks translate. */
    private static boolean isEmbeddedLinkLocal(byte[] bytes) {
        if (bytes.length != 16 || bytes[12] != (byte) 169 || bytes[13] != (byte) 254) {
            return false;
        }
        boolean isTranslated = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == (byte) 0xff && bytes[3] == (byte) 0x9b;
        for (int i = isTranslated ? 4 : 0; i < 12; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The address of a literal; null if it is a name. */
    private static @Nullable InetAddress literal(String host) {
        boolean isIpv6 = host.indexOf(':') >= 0;
        if (!isIpv6 && !isDotted(host)) {
            return null;
        }
        try {
            // Brackets make it a literal or an error: a name is never looked up.
            return InetAddress.getByName(isIpv6 ? "[" + host + "]" : host);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static boolean isDotted(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean isOctal = part.length() > 1 && part.charAt(0) == '0';
            if (part.isEmpty() || part.length() > 3 || !isDigits(part) || isOctal || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(String host) {
        if (host.isEmpty() || host.length() > 253) {
            return false;
        }
        int labelStart = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                if (i == labelStart || i - labelStart > 63) {
                    return false;
                }
                labelStart = i + 1;
            } else if (!Text.isLetterOrDigit(c) && c != '-' && c != '_') {
                return false;
            }
        }
        return host.length() - labelStart <= 63 && host.charAt(0) != '-';
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
