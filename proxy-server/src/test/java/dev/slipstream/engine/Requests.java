package dev.slipstream.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Requests and answers as the tests send them. */
final class Requests {
    static final String CHAT = "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    static final String CHAT_AT_PROVIDER =
            "{\"model\":\"provider-model\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    static final String ANSWER =
            "{\"id\":\"x\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";

    private Requests() {}

    static String chat() {
        return post("/v1/chat/completions", CHAT);
    }

    static String chat(String body) {
        return post("/v1/chat/completions", body);
    }

    static String messages(String body) {
        return post("/v1/messages", body);
    }

    static String post(String path, String body) {
        return post(path, "", body);
    }

    /** @param fields lines, each with its CRLF */
    static String post(String path, String fields, String body) {
        return "POST " + path + " HTTP/1.1\r\nhost: proxy.test\r\ncontent-type: application/json\r\n" + fields
                + "content-length: " + body.getBytes(ISO_8859_1).length + "\r\n\r\n" + body;
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nhost: proxy.test\r\n\r\n";
    }

    static String ok(String body) {
        return answer(200, "", body);
    }

    /** @param fields lines, each with its CRLF */
    static String answer(int status, String fields, String body) {
        return "HTTP/1.1 " + status + " Status\r\ncontent-type: application/json\r\n" + fields + "content-length: "
                + body.getBytes(ISO_8859_1).length + "\r\n\r\n" + body;
    }

    /** The head of a chunked stream of events. */
    static String eventsHead() {
        return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    }

    static String chunk(String data) {
        return Integer.toHexString(data.getBytes(ISO_8859_1).length) + "\r\n" + data + "\r\n";
    }

    static final String LAST_CHUNK = "0\r\n\r\n";
}
