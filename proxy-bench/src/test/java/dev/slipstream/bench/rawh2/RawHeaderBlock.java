package dev.slipstream.bench.rawh2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/**
 * A header block written by hand (RFC 7541), field by field, valid or not. Never Huffman; nothing is put into the
 * peer's dynamic table unless {@link #incremental} asks for it.
 */
public final class RawHeaderBlock {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The pseudo fields of a request in their order, then {@code namesAndValues}. */
    public static RawHeaderBlock request(String method, String scheme, String authority, String path, String... more) {
        return new RawHeaderBlock()
                .field(":method", method)
                .field(":scheme", scheme)
                .field(":authority", authority)
                .field(":path", path)
                .fields(more);
    }

    /** The status, then {@code namesAndValues}. */
    public static RawHeaderBlock response(int status, String... more) {
        return (status == 200 ? new RawHeaderBlock().indexed(8) : new RawHeaderBlock().field(":status", "" + status))
                .fields(more);
    }

    /** Literals, not indexed: a name, its value, the next name, … */
    public RawHeaderBlock fields(String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            field(namesAndValues[i], namesAndValues[i + 1]);
        }
        return this;
    }

    /** §6.1: a field of the tables; 0 and what lies beyond the tables are mistakes. */
    public RawHeaderBlock indexed(int index) {
        return integer(0x80, 7, index);
    }

    /** §6.2.2: literal, not indexed. */
    public RawHeaderBlock field(String name, String value) {
        return integer(0x00, 4, 0).string(name).string(value);
    }

    /** §6.2.2 with the name of the tables. */
    public RawHeaderBlock field(int nameIndex, String value) {
        return integer(0x00, 4, nameIndex).string(value);
    }

    /** §6.2.1: put into the peer's dynamic table. */
    public RawHeaderBlock incremental(String name, String value) {
        return integer(0x40, 6, 0).string(name).string(value);
    }

    /** §6.2.3. */
    public RawHeaderBlock neverIndexed(String name, String value) {
        return integer(0x10, 4, 0).string(name).string(value);
    }

    /** §6.3: good at the begin of a block, and up to what the peer allowed. */
    public RawHeaderBlock tableSize(int bytes) {
        return integer(0x20, 5, bytes);
    }

    /** A literal whose lengths are not those of its name and value. */
    public RawHeaderBlock lying(int nameLength, String name, int valueLength, String value) {
        return integer(0x00, 4, 0)
                .integer(0x00, 7, nameLength)
                .raw(name.getBytes(ISO_8859_1))
                .integer(0x00, 7, valueLength)
                .raw(value.getBytes(ISO_8859_1));
    }

    /** §5.1: an integer behind a pattern of {@code 8 - prefixBits} bits. */
    public RawHeaderBlock integer(int pattern, int prefixBits, int value) {
        int most = (1 << prefixBits) - 1;
        if (value < most) {
            out.write(pattern | value);
            return this;
        }
        out.write(pattern | most);
        int rest = value - most;
        for (; rest >= 0x80; rest >>>= 7) {
            out.write((rest & 0x7f) | 0x80);
        }
        out.write(rest);
        return this;
    }

    /** §5.2, as the bytes are. */
    public RawHeaderBlock string(String text) {
        return integer(0x00, 7, text.length()).raw(text.getBytes(ISO_8859_1));
    }

    public RawHeaderBlock raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
