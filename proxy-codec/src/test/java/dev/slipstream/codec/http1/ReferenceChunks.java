package dev.slipstream.codec.http1;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RFC 9112 §7.1 with the rulings of our decoder, written down once more as patterns over the whole text (a char a
 * byte): the oracle of the chunked decoder. Of a bad body it does not say which byte is the bad one.
 */
final class ReferenceChunks {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
    private static final String QUOTED = "\"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]++|\\\\[\\t\\x20-\\x7e])*+\"";

    /** At most 2^31-1, at most eight digits. */
    private static final String SIZE = "([0-7][0-9a-fA-F]{0,7}|[89a-fA-F][0-9a-fA-F]{0,6})";

    private static final Pattern LINE =
            Pattern.compile(SIZE + "(?:;" + TOKEN + "++(?:=(?:" + TOKEN + "++|" + QUOTED + "))?)*+\r\n");
    private static final Pattern TRAILERS = Pattern.compile(
            "(?:" + TOKEN + "++:[\\t\\x20-\\x7e\\x80-\\xff]*+\r\n){0," + ChunkedDecoder.MAX_TRAILER_FIELDS + "}\r\n");

    private ReferenceChunks() {}

    /** What {@link Reading#ofChunks} is to see, without a reason; {@code taken} of a bad body is 0. */
    static Reading read(byte[] input) {
        String text = Reading.text(input, 0, input.length);
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            Matcher line = matcher(LINE, text, at, ChunkedDecoder.MAX_LINE_BYTES);
            if (!line.lookingAt()) {
                return cut(line, ChunkedDecoder.MAX_LINE_BYTES, input, body);
            }
            int size = Integer.parseInt(line.group(1), 16);
            at = line.end();
            if (size == 0) {
                break;
            }
            int taken = Math.min(size, text.length() - at);
            body.append(text, at, at + taken);
            at += taken;
            String rest = text.substring(at, Math.min(text.length(), at + 2));
            if (!rest.equals("\r\n")) {
                return "\r\n".startsWith(rest) ? more(input, body) : bad(body);
            }
            at += 2;
        }
        Matcher trailers = matcher(TRAILERS, text, at, ChunkedDecoder.MAX_TRAILER_BYTES);
        return trailers.lookingAt()
                ? new Reading("END", "", trailers.end(), body.toString())
                : cut(trailers, ChunkedDecoder.MAX_TRAILER_BYTES, input, body);
    }

    private static Matcher matcher(Pattern pattern, String text, int from, int limit) {
        return pattern.matcher(text).region(from, Math.min(text.length(), from + limit));
    }

    /** What did not match: cut short, where more bytes could still make it match, or bad. */
    private static Reading cut(Matcher section, int limit, byte[] input, StringBuilder body) {
        boolean full = section.regionEnd() - section.regionStart() == limit;
        return section.hitEnd() && !full ? more(input, body) : bad(body);
    }

    private static Reading more(byte[] input, StringBuilder body) {
        return new Reading("NEED_MORE", "", input.length, body.toString());
    }

    private static Reading bad(StringBuilder body) {
        return new Reading("BAD", "", 0, body.toString());
    }
}
