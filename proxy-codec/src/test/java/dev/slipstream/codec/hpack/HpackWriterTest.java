package dev.slipstream.codec.hpack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.hpack.HpackWriter.Indexing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Read back by Netty's decoder, which shares nothing with the writer. */
class HpackWriterTest {
    private record Field(String name, String value, Indexing indexing) {}

    private final HpackWriter writer = new HpackWriter();
    private final DefaultHttp2HeadersDecoder reader = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    private byte[] write(List<Field> fields) {
        ByteBuf out = Unpooled.buffer();
        writer.begin(out);
        for (Field field : fields) {
            byte[] name = ("x" + field.name() + "y").getBytes(ISO_8859_1);
            byte[] value = ("x" + field.value() + "y").getBytes(ISO_8859_1);
            writer.field(out, name, 1, name.length - 1, value, 1, value.length - 1, field.indexing());
        }
        byte[] block = new byte[out.readableBytes()];
        out.readBytes(block);
        out.release();
        return block;
    }

    private void assertRead(List<Field> fields, byte[] block) throws Http2Exception {
        Http2Headers read = reader.decodeHeaders(1, Unpooled.wrappedBuffer(block));
        List<String> expected = new ArrayList<>();
        fields.forEach(field -> expected.add(field.name() + "=" + field.value()));
        List<String> found = new ArrayList<>();
        read.forEach(field -> found.add(field.getKey() + "=" + field.getValue()));
        assertEquals(expected, found);
    }

    private static Field keep(String name, String value) {
        return new Field(name, value, Indexing.KEEP);
    }

    @Test
    void theExampleOfTheRfc() {
        assertArrayEquals(
                new byte[] {
                    0x40, 0x0a, 'c', 'u', 's', 't', 'o', 'm', '-', 'k', 'e', 'y', 0x0d, 'c', 'u', 's', 't', 'o', 'm',
                    '-', 'h', 'e', 'a', 'd', 'e', 'r'
                },
                write(List.of(keep("custom-key", "custom-header"))));
        assertArrayEquals(new byte[] {(byte) 0xbe}, write(List.of(keep("custom-key", "custom-header"))));
        assertArrayEquals(
                new byte[] {0x04, 0x0c, '/', 's', 'a', 'm', 'p', 'l', 'e', '/', 'p', 'a', 't', 'h'},
                write(List.of(new Field(":path", "/sample/path", Indexing.PASS))));
        assertArrayEquals(
                new byte[] {0x10, 0x08, 'p', 'a', 's', 's', 'w', 'o', 'r', 'd', 0x06, 's', 'e', 'c', 'r', 'e', 't'},
                write(List.of(new Field("password", "secret", Indexing.NEVER))));
    }

    @Test
    void whatComesAgainCostsAByteAndSecretsAreNeverKept() throws Http2Exception {
        List<Field> fields = List.of(
                keep("user-agent", "OpenAI/Python 1.2.3"),
                keep("x-stainless-lang", "python"),
                new Field("authorization", "Bearer sk-1234567890", Indexing.NEVER));
        assertRead(fields, write(fields));
        byte[] second = write(fields);
        assertRead(fields, second);
        assertEquals(2 + 1 + 1 + 1 + "Bearer sk-1234567890".length(), second.length);
        assertTrue(new String(second, ISO_8859_1).contains("sk-1234567890"));
    }

    @Test
    void tablesStayAlikeOverManyBlocksEvictionsAndSizes() throws Http2Exception {
        Random random = new Random(20261121);
        Indexing[] kinds = Indexing.values();
        for (int block = 0; block < 20_000; block++) {
            if (random.nextInt(50) == 0) {
                // Twice between two blocks now and then: the smallest has to be told as well.
                for (int i = 0; i <= random.nextInt(3); i++) {
                    int size = random.nextInt(4) == 0 ? 0 : random.nextInt(6000);
                    writer.setMaxTableBytes(size);
                    reader.configuration().maxHeaderTableSize(Math.min(size, HpackWriter.DEFAULT_TABLE_BYTES));
                }
            }
            List<Field> fields = new ArrayList<>();
            int count = random.nextInt(12);
            for (int i = 0; i < count; i++) {
                String name = random.nextBoolean() ? "name-" + random.nextInt(30) : "content-type";
                String value = random.nextInt(20) == 0 ? "v".repeat(random.nextInt(5000)) : "v" + random.nextInt(40);
                fields.add(new Field(name, value, kinds[random.nextInt(kinds.length)]));
            }
            assertRead(fields, write(fields));
        }
    }
}
