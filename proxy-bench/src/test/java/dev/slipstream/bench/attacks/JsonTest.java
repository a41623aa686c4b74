package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Bodies: nasty ones that are JSON pass with their model's value replaced and nothing else; the others are refused. */
class JsonTest {
    private static final String SENT = "\"model\":\"alias\"";
    private static final String GOT = "\"model\":\"real-model\"";
    private static final String M = "\"marker\":\"" + Raw.MARK + "\"";

    /** What stands behind the model in a body that is whole but for {@code rest}. */
    private static String with(String rest) {
        return "{" + SENT + "," + M + "," + rest + "}";
    }

    /** Passes, with {@code spelled} (the model's key and value as sent) become what a provider is to read. */
    private static void passes(List<Case> cases, String name, String body, String spelled, String expected) {
        int at = body.indexOf(spelled);
        String want = body.substring(0, at) + expected + body.substring(at + spelled.length());
        Case.Check exact = (client, seen) -> assertEquals(
                want.replace(Raw.MARK, client.marker()), seen.get(0).body());
        cases.add(Case.served(name, Raw.post(body)).check(exact));
        int middle = body.length() / 2;
        int mark = body.indexOf(Raw.MARK);
        // The marker stays whole, for it is put in later.
        String half = body.substring(0, middle > mark && middle < mark + Raw.MARK.length() ? mark : middle);
        cases.add(Case.served(
                        name + "-chunked",
                        Raw.chunkedPost(Raw.chunk(half) + Raw.chunked(body.substring(half.length()))))
                .check(exact));
    }

    private static void passes(List<Case> cases, String name, String body) {
        passes(cases, name, body, SENT, GOT);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @TestFactory
    Stream<DynamicTest> valid() {
        List<Case> cases = new ArrayList<>();
        passes(cases, "key-escaped", "{\"mod\\u0065l\":\"alias\"," + M + "}", "\"alias\"", "\"real-model\"");
        passes(
                cases,
                "key-all-escaped",
                "{\"\\u006d\\u006F\\u0064\\u0065\\u006c\":\"alias\"," + M + "}",
                "\"alias\"",
                "\"real-model\"");
        passes(
                cases,
                "value-escaped",
                "{\"model\":\"\\u0061li\\u0061s\"," + M + "}",
                "\"\\u0061li\\u0061s\"",
                "\"real-model\"");
        passes(cases, "blanks", "{ \t\r\n\"model\"\n:\r\"alias\"\t , " + M + " }\n\n ", "\"alias\"", "\"real-model\"");
        passes(
                cases,
                "nested-look-alikes",
                "{\"a\":{\"model\":\"alias\"},\"b\":[{\"model\":\"alias\"}]," + SENT.replace("alias", "alias") + "," + M
                        + ",\"c\":{\"model\":\"x\"}}",
                "]," + SENT,
                "]," + GOT);
        passes(
                cases,
                "look-alike-keys",
                with("\"Model\":\"a\",\"models\":1,\"mode\":2,\"model \":3,\" model\":4,"
                        + "\"MODEL\":5,\"model\\u0000\":6,\"modele\":7,\"\":8"));
        passes(
                cases,
                "look-alike-text",
                with("\"text\":\"\\\"model\\\":\\\"alias\\\"\",\"t\\\"\":\"{\\\"model\\\":1}\""));
        passes(cases, "number-20000-digits", with("\"n\":" + "7".repeat(20_000) + ",\"f\":0." + "1".repeat(20_000)));
        passes(cases, "number-exponents", with("\"e\":1e" + "9".repeat(5_000) + ",\"f\":-0.0E-" + "9".repeat(5_000)));
        passes(cases, "number-shapes", with("\"n\":[0,-0,0.0,1e0,1E+2,-1.5e-3,123456789012345678901234567890]"));
        passes(
                cases,
                "broken-lead-byte-before-quote",
                with("\"a\":\"\u00e2\",\"b\":\"\u00f0\u009f\",\"c\":\"\u00c3\""));
        passes(cases, "invalid-utf8", with("\"a\":\"\u00ff\u00fe\u00c0\u0080\u00ed\u00a0\u0080\""));
        passes(cases, "lone-surrogates", with("\"a\":\"\\ud800\",\"b\":\"\\udc00\\ud800\",\"c\":\"\\uD83D\\uDE00\""));
        passes(cases, "unicode", with(utf8("\"a\":\"\u00e9\u4e2d\ud83d\ude00\u2028\"")));
        passes(cases, "all-escapes", with("\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u001F\""));
        passes(cases, "del-in-string", with("\"a\":\"\u007f\""));
        passes(cases, "depth-63", with("\"a\":" + "[".repeat(62) + "]".repeat(62)));
        passes(cases, "duplicate-other-keys", with("\"a\":1,\"a\":2,\"stream\":true,\"stream\":false"));
        passes(cases, "literals", with("\"a\":[true,false,null],\"b\":{},\"c\":[],\"d\":[[],{}]"));
        passes(
                cases,
                "endpoint-fields",
                with("\"api_base\":\"http://127.0.0.1:1/\",\"base_url\":\"http://evil/\","
                        + "\"endpoint\":\"file:///etc/passwd\",\"api_key\":\"x\""));
        for (int pad : new int[] {8_100, 8_140, 8_165, 8_190, 16_370, 65_500}) {
            // The model's key and value across the edges of the scanner's window and of the socket's reads.
            for (int shift = 0; shift < 24; shift += 7) {
                passes(
                        cases,
                        "edge-" + (pad + shift),
                        "{\"p\":\"" + "y".repeat(pad + shift) + "\"," + SENT + "," + M + "}");
            }
        }
        String messages = "{\"role\":\"user\",\"content\":\"a \\\"quoted\\\" back\\\\slash \\\\\"},";
        passes(
                cases,
                "model-last-4000-messages",
                "{" + M + ",\"messages\":[" + messages.repeat(4_000) + "{}]," + SENT + "}");
        passes(cases, "model-last-1m", Raw.large(1_000_000, false));
        passes(cases, "model-first-3m", Raw.large(3_000_000, true));
        passes(
                cases,
                "backslashes-64k",
                with("\"a\":\"" + "\\\\".repeat(32_768) + "\",\"b\":\"" + "\\\"".repeat(20_000) + "\""));
        for (int run = 1; run <= 40; run += 3) {
            passes(
                    cases,
                    "quotes-at-" + run,
                    with("\"" + "k".repeat(run) + "\":\"" + "\\\\".repeat(run) + "\\\"" + "\""));
        }
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            keys.append("\"k").append(i).append("\":").append(i).append(',');
        }
        passes(cases, "100000-keys", with(keys + "\"end\":0"));
        // Names that only a wildcard takes reach the provider and the answer's head: there as what a field may hold.
        String nasty = "\"wild-\\r\\nx-evil: 1\\u0000\\u001b\"";
        cases.add(Case.served("model-with-crlf", Raw.post("{\"model\":" + nasty + "," + M + "}"))
                .check((client, seen) -> {
                    assertEquals(null, client.finals().get(0).field("x-evil"));
                    assertEquals("wild-??x-evil:?1??", client.finals().get(0).field("x-slipstream-model"));
                }));
        cases.add(Case.served("model-plain", Raw.post("{\"model\":\"plain\"," + M + "}"))
                .check((client, seen) -> assertEquals(
                        "{\"model\":\"plain\",\"marker\":\"" + client.marker() + "\"}",
                        seen.get(0).body())));
        passes(cases, "suffix-stripped", "{\"model\":\"plain-openai\"," + M + "}", "plain-openai", "plain");
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> invalid() {
        List<Case> cases = new ArrayList<>();
        String[][] whole = {
            {"empty", ""},
            {"blank", "   "},
            {"array", "[" + Raw.BODY + "]"},
            {"string", "\"model\""},
            {"number", "7"},
            {"null", "null"},
            {"two-documents", Raw.BODY + Raw.BODY},
            {"two-lines", Raw.BODY + "\n" + Raw.BODY},
            {"trailing-byte", Raw.BODY + "x"},
            {"trailing-brace", Raw.BODY + "}"},
            {"trailing-comma", Raw.BODY + ","},
            {"trailing-nul", Raw.BODY + "\0"},
            {"bom", "\u00ef\u00bb\u00bf" + Raw.BODY},
            {"utf16le", utf16(Raw.BODY, StandardCharsets.UTF_16LE)},
            {"utf16be", utf16(Raw.BODY, StandardCharsets.UTF_16BE)},
            {"utf16bom", utf16(Raw.BODY, StandardCharsets.UTF_16)},
            {"vt-blank", "\u000b" + Raw.BODY},
            {"nbsp", "\u00a0" + Raw.BODY},
            {"comment-before", "/* */" + Raw.BODY},
            {"truncated", Raw.BODY.substring(0, 20)},
            {"truncated-by-one", Raw.BODY.substring(0, Raw.BODY.length() - 1)},
            {"form", "model=alias"},
            {"single-quotes", "{'model':'alias'}"},
            {"depth-100000", "{\"a\":" + "[".repeat(100_000)},
            {"depth-objects", "{\"a\":".repeat(100_000)},
            {"depth-65", with("\"a\":" + "[".repeat(65) + "]".repeat(65))},
            {"gzip-bytes", "\u001f\u008b\b\0\0\0\0\0"},
        };
        for (String[] each : whole) {
            refused(cases, each[0], each[1]);
        }
        String[][] members = {
            {"nan", "\"a\":NaN"},
            {"infinity", "\"a\":-Infinity"},
            {"zero-one", "\"a\":01"},
            {"minus-zero-one", "\"a\":-01"},
            {"plus", "\"a\":+1"},
            {"hex", "\"a\":0x1"},
            {"dot", "\"a\":.5"},
            {"dot-end", "\"a\":5."},
            {"exp-empty", "\"a\":1e"},
            {"exp-sign", "\"a\":1e+"},
            {"minus", "\"a\":-"},
            {"minus-minus", "\"a\":--1"},
            {"two-dots", "\"a\":1.2.3"},
            {"number-space", "\"a\":1 2"},
            {"true-case", "\"a\":True"},
            {"tru", "\"a\":tru"},
            {"nulll", "\"a\":nulll"},
            {"undefined", "\"a\":undefined"},
            {"comma-object", "\"a\":{\"b\":1,}"},
            {"comma-array", "\"a\":[1,]"},
            {"double-comma", "\"a\":[1,,2]"},
            {"leading-comma", "\"a\":[,1]"},
            {"no-comma", "\"a\":[1 2]"},
            {"colon-array", "\"a\":[1:2]"},
            {"no-colon", "\"a\" 1"},
            {"double-colon", "\"a\"::1"},
            {"no-value", "\"a\":"},
            {"bare-key", "a:1"},
            {"number-key", "1:1"},
            {"wrong-closer", "\"a\":[1}"},
            {"wrong-closer-2", "\"a\":{\"b\":1]"},
            {"line-comment", "\"a\":1 // x\n"},
            {"block-comment", "\"a\":/* */1"},
            {"raw-newline", "\"a\":\"x\ny\""},
            {"raw-tab", "\"a\":\"x\ty\""},
            {"raw-nul", "\"a\":\"x\0y\""},
            {"bad-escape", "\"a\":\"\\x41\""},
            {"escape-nul", "\"a\":\"\\\0\""},
            {"u-short", "\"a\":\"\\u12\""},
            {"u-letters", "\"a\":\"\\u12G4\""},
            {"u-upper", "\"a\":\"\\U0041\""},
            {"open-string", "\"a\":\"x"},
            {"nul-between", "\"a\":\0 1"},
            {"high-byte-outside", "\"a\":\u00e9"},
            {"quote-key", "\"a:1"},
            {"missing-first", ",\"a\":1"},
        };
        for (String[] each : members) {
            refused(cases, "member-" + each[0], with(each[1]));
            // The same far behind the model, where the provider may have the beginning.
            String large = with("\"pad\":\"" + "z".repeat(30_000) + "\"," + each[1]);
            cases.add(Case.answered("late-" + each[0], Raw.post(large), 400)
                    .word("invalid_json")
                    .up(Case.Up.AT_MOST_INCOMPLETE));
        }
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }

    private static void refused(List<Case> cases, String name, String body) {
        // Larger than scan_first there may be an attempt, which never completes.
        Case.Up up = body.length() > 8_000 ? Case.Up.AT_MOST_INCOMPLETE : Case.Up.NOTHING;
        cases.add(Case.answered(name, Raw.post(body), 400).word("invalid_json").up(up));
        if (!body.isEmpty()) {
            cases.add(Case.answered(name + "-chunked", Raw.chunkedPost(Raw.chunked(body)), 400)
                    .word("invalid_json")
                    .up(up));
        }
    }

    private static String utf16(String text, Charset charset) {
        return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
    }

    @TestFactory
    Stream<DynamicTest> models() {
        List<Case> cases = new ArrayList<>();
        String[][] twice = {
            {"plain", "\"model\":\"alias\""},
            {"other-value", "\"model\":\"other\""},
            {"escaped", "\"mod\\u0065l\":\"alias\""},
            {"all-escaped", "\"\\u006d\\u006f\\u0064\\u0065\\u006c\":1"},
            {"upper-hex", "\"m\\u006Fdel\":null"},
            {"not-a-string", "\"model\":7"},
            {"object", "\"model\":{}"},
        };
        for (String[] each : twice) {
            cases.add(Case.answered("twice-" + each[0], Raw.post(with(each[1])), 400)
                    .word("duplicate_model"));
            cases.add(Case.answered("twice-first-" + each[0], Raw.post("{" + each[1] + "," + SENT + "," + M + "}"), 400)
                    .word("duplicate_model"));
            String late = with("\"pad\":\"" + "z".repeat(30_000) + "\"," + each[1]);
            cases.add(Case.answered("twice-late-" + each[0], Raw.post(late), 400)
                    .word("duplicate_model")
                    .up(Case.Up.AT_MOST_INCOMPLETE));
        }
        for (String value : List.of("7", "null", "true", "{}", "[\"alias\"]", "-1.5e3")) {
            cases.add(Case.answered("model-" + value, Raw.post("{\"model\":" + value + "," + M + "}"), 400)
                    .word("missing_model"));
        }
        cases.add(Case.answered("model-none", Raw.post("{" + M + "}"), 400).word("missing_model"));
        cases.add(Case.answered("model-only-nested", Raw.post("{\"a\":{" + SENT + "}}"), 400)
                .word("missing_model"));
        String[] unknown = {
            "",
            "nobody",
            "Alias",
            "alias ",
            " alias",
            "alias\\u0000",
            "alias-anthropic-openai",
            "\\ud800",
            "../alias",
            "*",
            "wild",
            "<script>",
            "\\\"},{\\\"x\\\":\\\"",
            "\\r\\nx-evil: 1",
            "x".repeat(511),
            "y".repeat(5_000),
            "\u00ff\u00fe",
            utf8("\u4e2d".repeat(60))
        };
        for (String name : unknown) {
            String shown = name.length() > 40 ? name.substring(0, 5) + name.length() : name;
            cases.add(Case.answered("unknown-" + shown, Raw.post("{\"model\":\"" + name + "\"}"), 404)
                    .word("unknown_model")
                    .check((client, seen) ->
                            assertEquals(null, client.finals().get(0).field("x-evil"))));
        }
        cases.add(Case.answered("other-dialect", Raw.post("{\"model\":\"wild-x-anthropic\"}"), 400)
                .word("no_target_for_dialect"));
        cases.add(Case.answered("anthropic-envelope", Raw.to("POST /v1/messages HTTP/1.1", "{"), 400)
                .word("invalid_json"));
        cases.add(Case.served("anthropic", Raw.to("POST /v1/messages HTTP/1.1", Raw.BODY)));
        String[][] types = {
            {"gzip", "content-encoding: gzip"},
            {"br", "content-encoding: br"},
            {"gzip-list", "content-encoding: identity, gzip"},
            {"encoding-empty", "content-encoding:"},
        };
        for (String[] each : types) {
            cases.add(Case.answered("encoding-" + each[0], Raw.post(Raw.BODY, each[1]), 415)
                    .word("unsupported_media_type"));
        }
        for (String type : List.of(
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded",
                "text/plain",
                "application/jsonx",
                "application/json-seq",
                "",
                "text/html; application/json",
                "application/xml")) {
            String request = Raw.bare(
                            Raw.CHAT,
                            Raw.HOST,
                            Raw.AUTH,
                            "content-type: " + type,
                            "content-length: " + Raw.BODY.length())
                    + Raw.BODY;
            cases.add(Case.answered("type-" + type, request, 415).word("unsupported_media_type"));
        }
        cases.add(Case.served(
                "type-parameters",
                Raw.bare(
                                Raw.CHAT,
                                Raw.HOST,
                                Raw.AUTH,
                                "content-type: Application/JSON;charset=utf-8",
                                "content-length: " + Raw.BODY.length())
                        + Raw.BODY));
        cases.add(Case.served(
                "type-none",
                Raw.bare(Raw.CHAT, Raw.HOST, Raw.AUTH, "content-length: " + Raw.BODY.length()) + Raw.BODY));
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }
}
