package dev.slipstream.codec.http1;

import io.netty.buffer.ByteBuf;

/**
 * Writes HTTP/1.1 heads and chunk framing. Every method appends to {@code out}, which it borrows. Stateless, any
 * thread.
 */
public final class HeadWriter {
    private static final int MIN_STATUS = 100;
    private static final int MAX_STATUS = 599;
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON_SP = ':' << 8 | ' ';

    /** By status less 100. */
    private static final byte[][] STATUS_LINES = new byte[MAX_STATUS - MIN_STATUS + 1][];

    private static final byte[] CONTENT_LENGTH = Octets.ascii("content-length: ");
    private static final byte[] CHUNKED = Octets.ascii("transfer-encoding: chunked\r\n");
    private static final byte[] HEX = Octets.ascii("0123456789abcdef");

    static {
        for (int status = MIN_STATUS; status <= MAX_STATUS; status++) {
            STATUS_LINES[status - MIN_STATUS] = Octets.ascii("HTTP/1.1 " + status + " " + reason(status) + "\r\n");
        }
    }

    private HeadWriter() {}

    /**
     * {@code HTTP/1.1 200 OK\r\n}; a constant array for every status.
     *
     * @throws IllegalArgumentException if the status is not 100 to 599
     */
    public static void statusLine(ByteBuf out, int status) {
        if (status < MIN_STATUS || status > MAX_STATUS) {
            throw new IllegalArgumentException("status " + status);
        }
        out.writeBytes(STATUS_LINES[status - MIN_STATUS]);
    }

    /** {@code name: value\r\n} of a field of {@code head}, which its parser has checked. */
    public static void copyField(ByteBuf out, FlatHead head, int field) {
        byte[] bytes = head.array();
        int nameStart = head.nameStart(field);
        int nameEnd = head.nameEnd(field);
        int valueStart = head.valueStart(field);
        int valueEnd = head.valueEnd(field);
        // Most fields were sent as they leave: one copy, line end and all.
        if (valueStart == nameEnd + 2 && bytes[nameEnd + 1] == Octets.SP && bytes[valueEnd] == Octets.CR) {
            out.writeBytes(bytes, nameStart, valueEnd + 2 - nameStart);
            return;
        }
        out.writeBytes(bytes, nameStart, nameEnd - nameStart);
        out.writeShort(COLON_SP);
        out.writeBytes(bytes, valueStart, valueEnd - valueStart);
        out.writeShort(CRLF);
    }

    /**
     * {@code name: value\r\n}.
     *
     * @throws IllegalArgumentException if {@code name} is no token or {@code value} holds a control character other
     *     than HTAB; then nothing was written. Checked always: this is the last place that can stop an injected line.
     */
    public static void field(ByteBuf out, byte[] name, byte[] value) {
        requireField(name, value);
        assert value.length == 0 || (!Octets.isBlank(value[0]) && !Octets.isBlank(value[value.length - 1]))
                : "blanks around a field value";
        out.ensureWritable(name.length + value.length + 4);
        out.writeBytes(name);
        out.writeShort(COLON_SP);
        out.writeBytes(value);
        out.writeShort(CRLF);
    }

    /**
     * Does nothing where the two make a field.
     *
     * @throws IllegalArgumentException if {@code name} is no token or {@code value} holds a control character other
     *     than HTAB
     */
    public static void requireField(byte[] name, byte[] value) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("not a field name");
        }
        if (Octets.endOfValue(value, 0, value.length) != value.length) {
            throw new IllegalArgumentException("a control character in a field value");
        }
    }

    private static boolean isToken(byte[] name) {
        for (byte b : name) {
            if (!Octets.isToken(b)) {
                return false;
            }
        }
        return name.length > 0;
    }

    /** {@code content-length: N\r\n}. */
    public static void contentLength(ByteBuf out, long bytes) {
        out.writeBytes(CONTENT_LENGTH);
        decimal(out, bytes);
        out.writeShort(CRLF);
    }

    /** {@code transfer-encoding: chunked\r\n}. */
    public static void chunked(ByteBuf out) {
        out.writeBytes(CHUNKED);
    }

    /**
     * {@code number} in decimal digits.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static void decimal(ByteBuf out, long number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative: " + number);
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        int start = out.ensureWritable(digits).writerIndex();
        long rest = number;
        for (int i = start + digits - 1; i >= start; i--) {
            out.setByte(i, (int) ('0' + rest % 10));
            rest /= 10;
        }
        out.writerIndex(start + digits);
    }

    /**
     * The chunk-size line of a chunk of {@code bytes} (&gt; 0): hex digits and CRLF.
     *
     * @throws IllegalArgumentException if {@code bytes} is not positive: a size of 0 would end the body
     */
    public static void chunkSize(ByteBuf out, int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("chunk of " + bytes + " bytes");
        }
        int digits = hexDigits(bytes);
        out.ensureWritable(digits + 2);
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.writeByte(HEX[bytes >>> shift & 0xF]);
        }
        out.writeShort(CRLF);
    }

    /** How many it takes to write {@code number} (&gt; 0). */
    static int hexDigits(int number) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(number) + 3) / 4;
    }

    /** The empty line that ends a head. */
    public static void end(ByteBuf out) {
        out.writeShort(CRLF);
    }

    /** The usual phrase (RFC 9110 §15), or nothing: a client is to ignore it. */
    private static String reason(int status) {
        return switch (status) {
            case 100 -> "Continue";
            case 101 -> "Switching Protocols";
            case 102 -> "Processing";
            case 103 -> "Early Hints";
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 203 -> "Non-Authoritative Information";
            case 204 -> "No Content";
            case 205 -> "Reset Content";
            case 206 -> "Partial Content";
            case 300 -> "Multiple Choices";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 402 -> "Payment Required";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 407 -> "Proxy Authentication Required";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 411 -> "Length Required";
            case 412 -> "Precondition Failed";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Content";
            case 423 -> "Locked";
            case 424 -> "Failed Dependency";
            case 425 -> "Too Early";
            case 426 -> "Upgrade Required";
            case 428 -> "Precondition Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 451 -> "Unavailable For Legal Reasons";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            case 529 -> "Overloaded";
            default -> "";
        };
    }
}
