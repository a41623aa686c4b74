package dev.slipstream.codec.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicErrorTest {
    @Test
    void theEnvelopeNamesTheRequest() {
        ByteBuf out = Unpooled.buffer();
        try {
            AnthropicError.write(out, 529, "busy\\", "req_1");
            assertEquals(
                    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\\\\\"},"
                            + "\"request_id\":\"req_1\"}",
                    out.toString(StandardCharsets.UTF_8));
        } finally {
            out.release();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error",
        "401,authentication_error",
        "402,billing_error",
        "403,permission_error",
        "404,not_found_error",
        "405,invalid_request_error",
        "408,timeout_error",
        "409,conflict_error",
        "413,request_too_large",
        "414,invalid_request_error",
        "415,invalid_request_error",
        "417,invalid_request_error",
        "422,invalid_request_error",
        "429,rate_limit_error",
        "431,invalid_request_error",
        "500,api_error",
        "502,api_error",
        "503,api_error",
        "504,timeout_error",
        "529,overloaded_error",
        "302,api_error"
    })
    void theTypeFollowsFromTheStatus(int status, String type) {
        assertEquals(type, AnthropicError.typeFor(status));
    }
}
