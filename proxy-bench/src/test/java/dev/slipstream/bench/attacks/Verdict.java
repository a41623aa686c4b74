package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Holds what came of a case against its line, and against what is never allowed. */
final class Verdict {
    private static final List<String> NEVER = List.of(
            Raw.KEY,
            Raw.OTHER_KEY,
            Raw.PROVIDER_KEY,
            Raw.ADMIN_TOKEN,
            "Exception",
            "java.",
            "io.netty",
            "dev.slipstream",
            "\tat ");
    private static final Set<String> WORDS = Set.of(
            "invalid_json",
            "duplicate_model",
            "missing_model",
            "no_target_for_dialect",
            "bad_request",
            "invalid_api_key",
            "unknown_model",
            "unknown_path",
            "method_not_allowed",
            "request_timeout",
            "request_too_large",
            "uri_too_long",
            "unsupported_media_type",
            "expectation_failed",
            "header_too_large",
            "not_implemented",
            "upstream_unreachable",
            "upstream_protocol",
            "upstream_closed",
            "pool_timeout",
            "overloaded",
            "upstream_timeout",
            "http_version_not_supported");

    private Verdict() {}

    static void onClient(Case what, RawClient client, String again, int upstreamPort) {
        assertNull(client.malformed(), () -> "to the client: " + client.all());
        noSecrets(client.all(), upstreamPort);
        List<Message> answers = new ArrayList<>(client.finals());
        if (!again.isEmpty()) {
            assertEquals(what.answers + 1, answers.size(), () -> "answers; " + client.end() + " " + client.all());
            Message last = answers.remove(answers.size() - 1);
            assertEquals("{\"marker\":\"" + again + "\"}", last.body(), "on the same connection");
        }
        boolean silent = answers.isEmpty() && what.mayBeSilent && client.end() != RawClient.End.OPEN;
        if (!silent) {
            assertEquals(what.answers, answers.size(), () -> "answers; " + client.end() + " " + client.all());
        }
        for (Message answer : answers) {
            if (!what.statuses.isEmpty()) {
                assertTrue(
                        what.statuses.contains(answer.status()),
                        () -> "status " + answer.status() + ": " + answer.body());
            }
            assertTrue(answer.complete() || what.mayBreakOff, () -> "broken off: " + answer);
            envelope(answer);
            if (what.word != null) {
                assertEquals(what.word, answer.field("x-slipstream-error"));
            }
        }
        switch (what.close) {
            case CLOSES -> assertTrue(client.end() != RawClient.End.OPEN, "still open");
            case KEEPS -> assertFalse(again.isEmpty(), () -> "closed: " + client.all());
            case EITHER -> {}
        }
    }

    /** A failure of our own: a known word, the envelope of the dialect, never to be cached. */
    private static void envelope(Message answer) {
        if (answer.status() < 400 || answer.field("x-slipstream-error-source") != null || !answer.complete()) {
            return;
        }
        String word = answer.field("x-slipstream-error");
        assertNotNull(word, () -> "no word: " + answer);
        assertTrue(WORDS.contains(word), word);
        assertEquals("application/json", answer.field("content-type"));
        assertEquals("no-store", answer.field("cache-control"));
        assertNotNull(answer.field("x-request-id"));
        String id = answer.field("request-id");
        if (answer.body().isEmpty()) {
            return;
        }
        if (id != null) {
            assertTrue(
                    answer.body().matches("\\{\"type\":\"error\",\"error\":\\{.*\\},\"request_id\":\"" + id + "\"\\}"),
                    answer::body);
        } else {
            String code = word.equals("unknown_model") ? "model_not_found" : word;
            assertTrue(
                    answer.body()
                            .matches(
                                    "\\{\"error\":\\{\"message\":\".*\",\"type\":\"[a-z_]+\",\"param\":null,\"code\":\""
                                            + code + "\"\\}\\}"),
                    answer::body);
        }
    }

    /** Nothing of ours is in what others read. */
    static void noSecrets(String text, int upstreamPort) {
        for (String never : NEVER) {
            assertFalse(text.contains(never), () -> never + " in: " + text);
        }
        assertFalse(text.contains(":" + upstreamPort), () -> "the provider's address in: " + text);
    }

    static void onUpstream(Case what, RawClient client, String again, List<Message> recorded, List<String> faults)
            throws IOException {
        assertEquals(List.of(), faults, "the provider found fault");
        List<Message> seen = new ArrayList<>(recorded);
        if (!again.isEmpty()) {
            assertTrue(seen.removeIf(request -> request.body().contains(again)), "the request behind it");
        }
        long complete = seen.stream().filter(Message::complete).count();
        switch (what.up) {
            case NOTHING -> assertEquals(List.of(), seen, "the provider saw");
            case COMPLETE -> {
                assertEquals(what.answers, seen.size(), () -> "the provider saw " + seen);
                assertEquals(what.answers, complete, () -> "complete of " + seen);
            }
            case AT_MOST_INCOMPLETE -> {
                assertTrue(seen.size() <= 1, () -> "the provider saw " + seen);
                assertEquals(0, complete, () -> "complete of " + seen);
            }
            case AT_MOST_ONE -> assertTrue(seen.size() <= 1, () -> "the provider saw " + seen);
            case ANYTHING -> {}
        }
        if (what.check != null) {
            what.check.look(client, seen);
        }
    }
}
