package dev.slipstream.exchange;

import dev.slipstream.codec.http1.FlatHead;
import java.util.Arrays;

/**
 * The head of a request as it goes to a provider, on any protocol: a path, and spans of names and values in arrays that
 * live elsewhere (the client's head, the provider's settings). Framing fields are not among them; the connection adds
 * its own. Reused with its attempt.
 */
public final class UpstreamHead {
    /** The length is not known when the head goes. */
    public static final long UNKNOWN_LENGTH = -1;

    private static final int FIRST_PATH_BYTES = 64;
    private static final int FIRST_FIELDS = 16;
    private static final int SPANS = 4;

    private byte[] path = new byte[FIRST_PATH_BYTES];
    private int pathLength;
    private byte[][] names = new byte[FIRST_FIELDS][];
    private byte[][] values = new byte[FIRST_FIELDS][];
    private int[] spans = new int[FIRST_FIELDS * SPANS];
    private int fields;
    private long contentLength;
    private boolean bodiless;

    /** Appends {@code bytes[start, end)} to the path. */
    public void appendPath(byte[] bytes, int start, int end) {
        int length = end - start;
        if (pathLength + length > path.length) {
            path = Arrays.copyOf(path, Math.max(path.length * 2, pathLength + length));
        }
        System.arraycopy(bytes, start, path, pathLength, length);
        pathLength += length;
    }

    public void appendPath(byte b) {
        if (pathLength == path.length) {
            path = Arrays.copyOf(path, path.length * 2);
        }
        path[pathLength++] = b;
    }

    /** Cuts the path back to {@code length} bytes. */
    public void truncatePath(int length) {
        pathLength = Math.min(pathLength, length);
    }

    /** Adds a field of a client's head, as it is. */
    public void add(FlatHead head, int field) {
        add(
                head.array(),
                head.nameStart(field),
                head.nameEnd(field),
                head.array(),
                head.valueStart(field),
                head.valueEnd(field));
    }

    /** Adds a field; {@code name} in lower case. */
    public void add(byte[] name, byte[] value) {
        add(name, 0, name.length, value, 0, value.length);
    }

    private void add(byte[] name, int nameStart, int nameEnd, byte[] value, int valueStart, int valueEnd) {
        if (fields == names.length) {
            names = Arrays.copyOf(names, fields * 2);
            values = Arrays.copyOf(values, fields * 2);
            spans = Arrays.copyOf(spans, spans.length * 2);
        }
        names[fields] = name;
        values[fields] = value;
        int at = fields * SPANS;
        spans[at] = nameStart;
        spans[at + 1] = nameEnd;
        spans[at + 2] = valueStart;
        spans[at + 3] = valueEnd;
        fields++;
    }

    /** The path and query; {@link #pathLength()} bytes. */
    @SuppressWarnings("MutableGetter")
    public byte[] path() {
        return path;
    }

    public int pathLength() {
        return pathLength;
    }

    public int fieldCount() {
        return fields;
    }

    public byte[] nameArray(int field) {
        return names[field];
    }

    public int nameStart(int field) {
        return spans[field * SPANS];
    }

    public int nameEnd(int field) {
        return spans[field * SPANS + 1];
    }

    public byte[] valueArray(int field) {
        return values[field];
    }

    public int valueStart(int field) {
        return spans[field * SPANS + 2];
    }

    public int valueEnd(int field) {
        return spans[field * SPANS + 3];
    }

    /** Bytes of the body, or {@link #UNKNOWN_LENGTH}. */
    public long contentLength() {
        return contentLength;
    }

    public void setContentLength(long bytes) {
        contentLength = bytes;
    }

    /** Whether it is a GET, which has no body; else a POST. */
    public boolean isBodiless() {
        return bodiless;
    }

    /** Makes it a GET. */
    public void setBodiless() {
        bodiless = true;
    }

    public void reset() {
        bodiless = false;
        Arrays.fill(names, 0, fields, null);
        Arrays.fill(values, 0, fields, null);
        fields = 0;
        pathLength = 0;
        contentLength = 0;
    }
}
