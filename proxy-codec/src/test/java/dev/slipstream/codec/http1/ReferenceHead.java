package dev.slipstream.codec.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of RFC 9112 with the rulings of our codec, written down once more as patterns over the whole text (a char
 * a byte): the oracle of the head parser. It knows whole heads that are to be accepted, and no others.
 *
 * @param meaning start line, framing and fields, as {@link #meaning(FlatHead)} has them
 * @param end behind the head
 */
record ReferenceHead(String meaning, int end) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
    private static final String TARGET = "[!$-;=?-\\[\\]-~]";
    private static final String VALUE = "[\\t\\x20-\\x7e\\x80-\\xff]";
    private static final String HOST = "(?:\\[[0-9A-Za-z._~%:-]++\\]|[0-9A-Za-z._~%-]++)(?::[0-9]{0,5})?";

    private static final Pattern REQUEST_LINE = Pattern.compile("(" + TOKEN + "{1,32}) (/" + TARGET
            + "*+|(?i:https?)://" + HOST + "(?:[/?]" + TARGET + "*+)?) HTTP/1\\.([01])\r\n");
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})(?: " + VALUE + "*+)?\r\n");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "++):[ \t]*+(" + VALUE + "*+)\r\n");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HOST_VALUE = Pattern.compile(HOST);
    private static final Pattern TRAILING_BLANKS = Pattern.compile("[ \t]++\\z");

    /** The head that {@code text} begins with; null if it begins with none, or with one that we refuse. */
    static @Nullable ReferenceHead read(boolean requests, String text) {
        int start = 0;
        while (requests && start < 4 && text.startsWith("\r\n", start)) {
            start += 2;
        }
        Matcher line = (requests ? REQUEST_LINE : STATUS_LINE).matcher(text).region(start, text.length());
        if (!line.lookingAt()) {
            return null;
        }
        String target = requests ? line.group(2) : "";
        int minor = Integer.parseInt(line.group(requests ? 3 : 1));
        int status = requests ? 0 : Integer.parseInt(line.group(2));
        List<String> lengths = new ArrayList<>();
        List<String> codings = new ArrayList<>();
        List<String> hosts = new ArrayList<>();
        StringBuilder fields = new StringBuilder();
        int count = 0;
        int at = line.end();
        while (!text.startsWith("\r\n", at)) {
            Matcher field = FIELD.matcher(text).region(at, text.length());
            if (!field.lookingAt()) {
                return null;
            }
            String name = field.group(1).toLowerCase(Locale.ROOT);
            String value = TRAILING_BLANKS.matcher(field.group(2)).replaceFirst("");
            switch (name) {
                case "content-length" -> lengths.add(value);
                case "transfer-encoding" -> codings.add(value);
                case "host" -> hosts.add(value);
                default -> {}
            }
            fields.append(name).append('=').append(value).append('\n');
            count++;
            at = field.end();
        }
        at += 2;
        boolean large =
                target.length() > Reading.MAX_TARGET || count > Reading.MAX_FIELDS || at - start > Reading.MAX_HEAD;
        if (large || !isFramedOnce(lengths, codings, minor) || (requests && !isForOneHost(hosts, minor))) {
            return null;
        }
        long length = lengths.isEmpty() ? -1 : Long.parseLong(lengths.get(0));
        return new ReferenceHead(meaning(target, minor, status, length, !codings.isEmpty()) + fields, at);
    }

    private static boolean isFramedOnce(List<String> lengths, List<String> codings, int minor) {
        if (codings.isEmpty()) {
            return lengths.isEmpty()
                    || (lengths.size() == 1 && LENGTH.matcher(lengths.get(0)).matches());
        }
        return codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked") && lengths.isEmpty() && minor == 1;
    }

    private static boolean isForOneHost(List<String> hosts, int minor) {
        return hosts.isEmpty()
                ? minor == 0
                : hosts.size() == 1 && HOST_VALUE.matcher(hosts.get(0)).matches();
    }

    private static String meaning(String target, int minor, int status, long length, boolean chunked) {
        return target + " 1." + minor + ' ' + status + ' ' + length + ' ' + chunked + '\n';
    }

    /** What a complete head means: the same words for the same meaning. */
    static String meaning(FlatHead head) {
        String target = Reading.text(head.array(), head.targetStart(), head.targetEnd());
        return meaning(target, head.minorVersion(), head.status(), head.contentLength(), head.isChunked())
                + fields(head);
    }

    /** A line for each field. */
    static String fields(FlatHead head) {
        byte[] array = head.array();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < head.fieldCount(); i++) {
            out.append(Reading.text(array, head.nameStart(i), head.nameEnd(i))).append('=');
            out.append(Reading.text(array, head.valueStart(i), head.valueEnd(i)))
                    .append('\n');
        }
        return out.toString();
    }
}
