package dev.slipstream.bench.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Requests as text, one char per byte, well-formed unless the caller sees to it. */
final class Raw {
    static final String KEY = "sk-slip-planted0client0key0000000000000000000001";
    static final String OTHER_KEY = "sk-slip-planted0client0key0000000000000000000002";
    static final String PROVIDER_KEY = "sk-prov-planted0provider0key00000000000000000003";
    static final String ADMIN_TOKEN = "adm-planted0admin0token000000000000000000000004";
    /** Stands where a case's own marker goes, which has the same length. */
    static final String MARK = "@MARKER@";

    static final String CHAT = "POST /v1/chat/completions HTTP/1.1";
    static final String HOST = "host: slip.test";
    static final String AUTH = "authorization: Bearer " + KEY;
    static final String JSON = "content-type: application/json";
    static final String BODY = "{\"model\":\"alias\",\"marker\":\"" + MARK + "\"}";

    private Raw() {}

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** A head: the start line, the usual fields, and {@code more}. */
    static String head(String startLine, String... more) {
        List<String> lines = new ArrayList<>(List.of(startLine, HOST, AUTH, JSON));
        lines.addAll(Arrays.asList(more));
        return bare(lines.toArray(String[]::new));
    }

    /** A head of these lines alone. */
    static String bare(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** A chat request with {@code body}, whose length is declared. */
    static String post(String body, String... more) {
        return to(CHAT, body, more);
    }

    static String to(String startLine, String body, String... more) {
        String[] all = Arrays.copyOf(more, more.length + 1);
        all[more.length] = "content-length: " + body.length();
        return head(startLine, all) + body;
    }

    /** A chat request whose body is {@code framed}, as it is, under {@code transfer-encoding: chunked}. */
    static String chunkedPost(String framed, String... more) {
        String[] all = Arrays.copyOf(more, more.length + 1);
        all[more.length] = "transfer-encoding: chunked";
        return head(CHAT, all) + framed;
    }

    static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    static String chunked(String data) {
        return chunk(data) + "0\r\n\r\n";
    }

    /** A body of about {@code bytes} bytes, its model first or last. */
    static String large(int bytes, boolean modelFirst) {
        String padding = "\"pad\":\"" + "x".repeat(bytes) + "\"";
        String model = "\"model\":\"alias\",\"marker\":\"" + MARK + "\"";
        return modelFirst ? "{" + model + "," + padding + "}" : "{" + padding + "," + model + "}";
    }

    static String marker(int number) {
        return String.format(Locale.ROOT, "m%07d", number);
    }
}
