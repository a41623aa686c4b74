package dev.slipstream.codec.http1;

import dev.slipstream.codec.bytes.AsciiBytes;
import io.netty.buffer.ByteBuf;

/**
 * The strict HTTP/1.1 head parser of one connection's one direction; resumable at any byte. Confined to its owner.
 *
 * <p><b>Strict.</b> What RFC 9112 lets a recipient reject is rejected; nothing is repaired, so that nobody behind us
 * can read a message in another way than we did. Lines end with CRLF; no bare CR, no bare LF, no folded lines, single
 * spaces in the start line, no blank before a colon. Two empty lines before a request line are tolerated (RFC 9112
 * §2.2). One host, one content-length, one transfer-encoding, never the latter two together.
 *
 * <p><b>Any split.</b> Every byte is judged once, when it arrives, and by nothing but the bytes before it. So result,
 * fields and the number of bytes taken are the same however the input is cut. A failure takes the bytes up to and
 * including the one that failed.
 *
 * <p><b>Limits</b> count bytes from the start line's first to the final LF. A head that reaches the limit without its
 * end is too large at once.
 */
public final class HeadParser {
    /** The longest method taken for one. The longest registered one has 17 bytes. */
    static final int MAX_METHOD_BYTES = 32;

    private static final int MAX_EMPTY_LINES = 2;
    private static final byte[] VERSION = Octets.ascii("HTTP/1.1");
    private static final int MAJOR_AT = 5;
    private static final int MINOR_AT = 7;
    /** In a status line: behind the version, one space and three digits. */
    private static final int STATUS_AT = 9;

    private static final int STATUS_END = 12;

    private static final long RULED_FIELDS =
            HeaderName.HOST.bit() | HeaderName.CONTENT_LENGTH.bit() | HeaderName.TRANSFER_ENCODING.bit();

    private enum State {
        LEADING,
        LEADING_LF,
        METHOD,
        TARGET,
        VERSION,
        STATUS,
        REASON,
        START_LF,
        LINE,
        NAME,
        VALUE,
        FIELD_LF,
        END_LF,
        FAILED
    }

    private final boolean requests;
    private final int maxTargetBytes;
    private final int maxHeadBytes;
    private final int maxFields;

    private State state = State.LEADING;
    private int emptyLines;
    /** The next byte of the head to judge. */
    private int scan;
    /** Where the part that is being read began: target, version or field name. */
    private int mark;

    private int nameEnd;
    /** A coding other than chunked was declared; told at the end, where graver things would have been found. */
    private boolean otherCoding;

    private HeadResult failure = HeadResult.NEED_MORE;
    private String detail = "";

    private HeadParser(boolean requests, int maxTargetBytes, int maxHeadBytes, int maxFields) {
        if (maxTargetBytes <= 0 || maxHeadBytes <= 0 || maxFields <= 0) {
            throw new IllegalArgumentException("limits must be positive");
        }
        this.requests = requests;
        this.maxTargetBytes = Math.min(maxTargetBytes, maxHeadBytes);
        this.maxHeadBytes = maxHeadBytes;
        this.maxFields = maxFields;
    }

    /** A parser of request heads. Sizes in bytes. */
    public static HeadParser ofRequests(int maxTargetBytes, int maxHeadBytes, int maxFields) {
        return new HeadParser(true, maxTargetBytes, maxHeadBytes, maxFields);
    }

    /** A parser of response heads. Sizes in bytes. */
    public static HeadParser ofResponses(int maxHeadBytes, int maxFields) {
        return new HeadParser(false, maxHeadBytes, maxHeadBytes, maxFields);
    }

    /**
     * Takes bytes from {@code in} (borrows it; advances its reader index over what belongs to the head) and fills
     * {@code head}, which must be the same object, {@linkplain FlatHead#reset() reset}, until a result other than
     * {@link HeadResult#NEED_MORE}. After a failure the parser must be {@linkplain #reset() reset}; until then it
     * takes nothing and repeats itself.
     */
    public HeadResult parse(ByteBuf in, FlatHead head) {
        if (isIdle()) {
            leading(in);
        }
        if (state == State.FAILED) {
            return failure;
        }
        while (in.isReadable() && !isIdle()) {
            int taken = head.length();
            int room = Math.min(head.array().length, maxHeadBytes) - taken;
            if (room == 0) {
                head.grow(maxHeadBytes);
                continue;
            }
            // One copy; what it may take from behind the head's end is neither consumed nor looked at.
            int copied = Math.min(room, in.readableBytes());
            in.getBytes(in.readerIndex(), head.array(), taken, copied);
            HeadResult result = judge(head, taken + copied);
            in.skipBytes(scan - taken);
            head.length(scan);
            if (result == HeadResult.COMPLETE) {
                reset();
                return result;
            }
            if (result != HeadResult.NEED_MORE) {
                return result;
            }
            if (scan == maxHeadBytes) {
                return fail(HeadResult.TOO_LARGE, "the head is too large", scan);
            }
        }
        return HeadResult.NEED_MORE;
    }

    /**
     * Whether no byte of a head has been taken since the last complete one. The empty lines that may stand before a
     * request are no part of it.
     */
    public boolean isIdle() {
        return state == State.LEADING || state == State.LEADING_LF;
    }

    /** What was wrong, a constant sentence fit for the client; empty if nothing was. */
    public String detail() {
        return detail;
    }

    /** Makes ready for the first byte of a head. */
    public void reset() {
        state = State.LEADING;
        emptyLines = 0;
        scan = 0;
        mark = 0;
        nameEnd = 0;
        otherCoding = false;
        failure = HeadResult.NEED_MORE;
        detail = "";
    }

    private void leading(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.getByte(in.readerIndex());
            if (state == State.LEADING_LF) {
                in.skipBytes(1);
                if (b != Octets.LF) {
                    fail(HeadResult.BAD, "a bare CR before the request line", 0);
                    return;
                }
                emptyLines++;
                state = State.LEADING;
            } else if (!requests) {
                state = State.STATUS;
                return;
            } else if (Octets.isToken(b)) {
                state = State.METHOD;
                return;
            } else {
                in.skipBytes(1);
                if (b != Octets.CR || emptyLines == MAX_EMPTY_LINES) {
                    fail(HeadResult.BAD, "not an HTTP request", 0);
                    return;
                }
                state = State.LEADING_LF;
            }
        }
    }

    /** Judges the bytes from {@link #scan} to {@code end} and leaves {@link #scan} behind the last one judged. */
    private HeadResult judge(FlatHead head, int end) {
        if (state.compareTo(State.LINE) < 0) {
            HeadResult line = startLine(head, end);
            if (line != HeadResult.COMPLETE) {
                return line;
            }
        }
        return fields(head, end);
    }

    private HeadResult startLine(FlatHead head, int end) {
        HeadResult part = requests ? methodAndTarget(head, end) : status(head, end);
        if (part != HeadResult.COMPLETE) {
            return part;
        }
        int i = scan;
        byte[] bytes = head.array();
        if (state == State.VERSION) {
            while (i < end && i - mark < VERSION.length) {
                if (!isVersion(bytes[i], i - mark)) {
                    return fail(HeadResult.BAD, "malformed HTTP version", i + 1);
                }
                i++;
            }
            if (i == end) {
                return more(i);
            }
            if (bytes[i] != Octets.CR) {
                return fail(HeadResult.BAD, "malformed end of the request line", i + 1);
            }
            i++;
            state = State.START_LF;
        }
        if (i == end) {
            return more(i);
        }
        if (bytes[i] != Octets.LF) {
            return fail(HeadResult.BAD, "a bare CR in the start line", i + 1);
        }
        scan = i + 1;
        byte minor = bytes[mark + MINOR_AT];
        if (bytes[mark + MAJOR_AT] != '1' || minor > '1') {
            return fail(HeadResult.VERSION, "only HTTP/1.0 and HTTP/1.1 are spoken here", scan);
        }
        head.minorVersion(minor - '0');
        state = State.LINE;
        return HeadResult.COMPLETE;
    }

    private static boolean isVersion(byte b, int at) {
        return (at == MAJOR_AT || at == MINOR_AT) ? AsciiBytes.isDigit(b) : b == VERSION[at];
    }

    private HeadResult methodAndTarget(FlatHead head, int end) {
        byte[] bytes = head.array();
        int i = scan;
        if (state == State.METHOD) {
            int stop = Math.min(end, MAX_METHOD_BYTES + 1);
            while (i < stop && Octets.isToken(bytes[i])) {
                i++;
            }
            if (i > MAX_METHOD_BYTES) {
                return fail(HeadResult.BAD, "the method is too long", i);
            }
            if (i == end) {
                return more(i);
            }
            if (bytes[i] != Octets.SP) {
                return fail(HeadResult.BAD, "malformed method", i + 1);
            }
            head.request(HttpMethod.of(bytes, 0, i), i + 1);
            i++;
            mark = i;
            state = State.TARGET;
        }
        if (state == State.TARGET) {
            if (i == mark && i < end && bytes[i] != '/' && (bytes[i] | 0x20) != 'h') {
                return fail(HeadResult.BAD, "the request target must be a path or an http URI", i + 1);
            }
            int stop = Math.min(end, mark + maxTargetBytes + 1);
            while (i < stop && Octets.isTarget(bytes[i])) {
                i++;
            }
            if (i - mark > maxTargetBytes) {
                return fail(HeadResult.TARGET_TOO_LONG, "the request target is too long", i);
            }
            if (i == end) {
                return more(i);
            }
            if (bytes[i] != Octets.SP) {
                return fail(HeadResult.BAD, "a character that is not allowed in the request target", i + 1);
            }
            if (!FieldRules.isTarget(bytes, mark, i)) {
                return fail(HeadResult.BAD, "the request target must be a path or an http URI", i + 1);
            }
            head.targetEnd(i);
            i++;
            mark = i;
            state = State.VERSION;
        }
        scan = i;
        return HeadResult.COMPLETE;
    }

    private HeadResult status(FlatHead head, int end) {
        byte[] bytes = head.array();
        int i = scan;
        if (state == State.STATUS) {
            while (i < end && i < STATUS_END) {
                if (!isStatus(bytes[i], i)) {
                    return fail(HeadResult.BAD, "malformed status line", i + 1);
                }
                i++;
            }
            if (i == end) {
                return more(i);
            }
            head.status(
                    (bytes[STATUS_AT] - '0') * 100 + (bytes[STATUS_AT + 1] - '0') * 10 + bytes[STATUS_AT + 2] - '0');
            // The space is asked for even where the phrase is empty, but servers leave it out (RFC 9112 §4).
            if (bytes[i] != Octets.SP && bytes[i] != Octets.CR) {
                return fail(HeadResult.BAD, "malformed status", i + 1);
            }
            state = State.REASON;
        }
        if (state == State.REASON) {
            i = Octets.endOfValue(bytes, i, end);
            if (i == end) {
                return more(i);
            }
            if (bytes[i] != Octets.CR) {
                return fail(HeadResult.BAD, "a control character in the status line", i + 1);
            }
            i++;
            state = State.START_LF;
        }
        scan = i;
        return HeadResult.COMPLETE;
    }

    private static boolean isStatus(byte b, int at) {
        if (at < VERSION.length) {
            return isVersion(b, at);
        }
        if (at < STATUS_AT) {
            return b == Octets.SP;
        }
        return AsciiBytes.isDigit(b) && (at > STATUS_AT || (b >= '1' && b <= '5'));
    }

    // Ifs in the order of the states, not a switch: a whole field is read in one pass through them.
    private HeadResult fields(FlatHead head, int end) {
        byte[] bytes = head.array();
        int i = scan;
        while (i < end) {
            if (state == State.LINE) {
                if (bytes[i] == Octets.CR) {
                    i++;
                    state = State.END_LF;
                } else if (head.fieldCount() == maxFields) {
                    return fail(HeadResult.TOO_LARGE, "too many fields", i + 1);
                } else {
                    mark = i;
                    state = State.NAME;
                }
            }
            if (state == State.NAME) {
                byte lower = 0;
                while (i < end && (lower = Octets.tokenLower(bytes[i])) != 0) {
                    bytes[i] = lower;
                    i++;
                }
                if (i == end) {
                    break;
                }
                if (bytes[i] != ':' || i == mark) {
                    return fail(HeadResult.BAD, "malformed field name", i + 1);
                }
                nameEnd = i;
                i++;
                state = State.VALUE;
            }
            if (state == State.VALUE) {
                i = Octets.endOfValue(bytes, i, end);
                if (i == end) {
                    break;
                }
                if (bytes[i] != Octets.CR) {
                    return fail(HeadResult.BAD, "a control character in a field value", i + 1);
                }
                i++;
                state = State.FIELD_LF;
            }
            if (i == end) {
                break;
            }
            if (bytes[i] != Octets.LF) {
                return fail(HeadResult.BAD, "a bare CR in a field", i + 1);
            }
            i++;
            if (state == State.END_LF) {
                return finish(head, i);
            }
            if (!addField(head, bytes, i)) {
                return failure;
            }
            state = State.LINE;
        }
        return more(i);
    }

    /** Adds the field whose line ends before {@code lineEnd}; false if that made the parser fail. */
    private boolean addField(FlatHead head, byte[] bytes, int lineEnd) {
        int from = Octets.skipBlanks(bytes, nameEnd + 1, lineEnd - 2);
        int to = Octets.trimBlanks(bytes, from, lineEnd - 2);
        int index = KnownNames.index(bytes, mark, nameEnd);
        long bit = 1L << index;
        boolean allowed = (bit & RULED_FIELDS) == 0 || applyRule(head, bit, bytes, from, to, lineEnd);
        head.add(index, mark, nameEnd, from, to);
        return allowed;
    }

    private boolean applyRule(FlatHead head, long bit, byte[] bytes, int from, int to, int lineEnd) {
        boolean repeated = (head.present() & bit) != 0;
        if (bit == HeaderName.CONTENT_LENGTH.bit()) {
            long length = repeated ? -1 : FieldRules.contentLength(bytes, from, to);
            if (length < 0) {
                fail(HeadResult.BAD, repeated ? "more than one content-length" : "malformed content-length", lineEnd);
                return false;
            }
            head.contentLength(length);
        } else if (bit == HeaderName.TRANSFER_ENCODING.bit()) {
            HeadResult coding = repeated ? HeadResult.BAD : FieldRules.transferEncoding(bytes, from, to);
            if (coding == HeadResult.BAD) {
                fail(HeadResult.BAD, "malformed or repeated transfer-encoding", lineEnd);
                return false;
            }
            otherCoding = coding == HeadResult.CODING;
            head.chunked(!otherCoding);
        } else if (requests && (repeated || !FieldRules.isHost(bytes, from, to))) {
            fail(HeadResult.BAD, "malformed or repeated host", lineEnd);
            return false;
        }
        return true;
    }

    /** What only the whole head shows. */
    private HeadResult finish(FlatHead head, int end) {
        scan = end;
        boolean coded = otherCoding || head.isChunked();
        if (coded && head.contentLength() >= 0) {
            return fail(HeadResult.BAD, "both content-length and transfer-encoding", end);
        }
        if (coded && head.minorVersion() == 0) {
            // The sender's HTTP/1.0 does not know the field, so nobody can say where its body ends (RFC 9112 §6.1).
            return fail(HeadResult.BAD, "transfer-encoding in HTTP/1.0", end);
        }
        if (requests && head.minorVersion() == 1 && (head.present() & HeaderName.HOST.bit()) == 0) {
            return fail(HeadResult.BAD, "no host", end);
        }
        if (otherCoding) {
            return fail(HeadResult.CODING, "no transfer coding but chunked is known here", end);
        }
        return HeadResult.COMPLETE;
    }

    private HeadResult more(int next) {
        scan = next;
        return HeadResult.NEED_MORE;
    }

    private HeadResult fail(HeadResult result, String why, int next) {
        scan = next;
        state = State.FAILED;
        failure = result;
        detail = why;
        return result;
    }
}
