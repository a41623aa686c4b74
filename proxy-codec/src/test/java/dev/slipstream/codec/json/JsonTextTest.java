package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.dslplatform.json.DslJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void everyCharacterSurvivesAParserAndLoneSurrogatesBecomeReplacements() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= 0xFFFF; c++) {
            // Apart, so that halves stay lone.
            all.append((char) c).append('-');
        }
        all.append("\uD83D\uDE80 \uDE80\uD83D");
        String expected = all.toString().replaceAll("[\uD800-\uDFFF]", "\uFFFD");
        byte[] written = write(all.toString());
        String text = new String(written, StandardCharsets.UTF_8);
        assertFalse(text.chars().anyMatch(c -> c < 0x20), "raw control character");
        assertEquals(expected, new DslJson<>().deserialize(String.class, written, written.length));
    }

    @Test
    void quotesBackslashesAndLineEndsAreEscaped() {
        assertEquals("\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f\\u007f/\"", text("a\"b\\c\n\r\t\0\u001f\u007f/"));
        assertEquals("\"\u00E9\u20AC\uD83D\uDE80\uFFFD\"", text("\u00E9\u20AC\uD83D\uDE80\uD83D"));
    }

    private static String text(String raw) {
        return new String(write(raw), StandardCharsets.UTF_8);
    }

    private static byte[] write(String raw) {
        ByteBuf out = Unpooled.buffer(1);
        try {
            JsonText.string(out, raw);
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
        }
    }
}
