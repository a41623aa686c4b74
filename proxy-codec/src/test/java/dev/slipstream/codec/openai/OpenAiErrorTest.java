package dev.slipstream.codec.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiErrorTest {
    @Test
    void theEnvelopeHasItsFourKeys() {
        ByteBuf out = Unpooled.buffer();
        try {
            OpenAiError.write(out, 404, "no \"x\"\n", null, "model_not_found");
            OpenAiError.write(out, 502, "", "messages[2].\"x\"", null);
            assertEquals(
                    "{\"error\":{\"message\":\"no \\\"x\\\"\\n\",\"type\":\"invalid_request_error\",\"param\":null,"
                            + "\"code\":\"model_not_found\"}}"
                            + "{\"error\":{\"message\":\"\",\"type\":\"server_error\",\"param\":\"messages[2].\\\"x\\\"\",\"code\":null}}",
                    out.toString(StandardCharsets.UTF_8));
        } finally {
            out.release();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error",
        "401,authentication_error",
        "402,insufficient_quota",
        "403,permission_error",
        "404,invalid_request_error",
        "405,invalid_request_error",
        "408,timeout",
        "409,conflict",
        "413,invalid_request_error",
        "414,invalid_request_error",
        "415,invalid_request_error",
        "417,invalid_request_error",
        "418,invalid_request_error",
        "422,invalid_request_error",
        "429,rate_limit_error",
        "431,invalid_request_error",
        "500,server_error",
        "502,server_error",
        "503,server_error",
        "504,timeout",
        "529,server_error",
        "302,server_error"
    })
    void theTypeFollowsFromTheStatus(int status, String type) {
        assertEquals(type, OpenAiError.typeFor(status));
    }
}
