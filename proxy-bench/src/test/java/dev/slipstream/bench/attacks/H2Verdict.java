package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.rawh2.RawFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds what came of a case on HTTP/2 against its line, and against what is never allowed. */
final class H2Verdict {
    private H2Verdict() {}

    static void onClient(H2Case what, H2Client client, int upstreamPort) {
        assertEquals("", client.malformed(), client::told);
        Verdict.noSecrets(client.texts(), upstreamPort);
        RawFrame goAway = client.goAway();
        if (goAway != null) {
            assertTrue(
                    what.goAways.contains(goAway.errorCode()),
                    () -> "GOAWAY " + goAway.errorCode() + " and not of " + what.goAways + ": " + client.told());
            assertTrue(client.isEnded(), () -> "open behind a GOAWAY: " + client.told());
        } else if (client.isEnded()) {
            assertTrue(
                    what.maySilentlyEnd || (what.close != Case.Close.KEEPS && what.goAways.isEmpty()),
                    () -> "ended without a word: " + client.told());
        } else if (what.close == Case.Close.CLOSES) {
            throw new AssertionError("still open: " + client.told());
        }
        if (what.about > 0) {
            onStream(what, client, client.answer(what.about), goAway);
        }
    }

    private static void onStream(H2Case what, H2Client client, H2Answer answer, @Nullable RawFrame goAway) {
        if (answer.isReset() && !answer.isComplete()) {
            assertTrue(
                    what.resets.contains(answer.resetCode()),
                    () -> "reset and not with any of " + what.resets + ": " + answer + "; " + client.told());
        } else if (answer.isComplete()) {
            assertTrue(
                    what.statuses.contains(answer.status()),
                    () -> "answered and not with any of " + what.statuses + ": " + answer);
            envelope(what, answer);
        } else {
            assertTrue(
                    goAway != null || client.isEnded(),
                    () -> "nothing came on stream " + what.about + ": " + client.told());
        }
    }

    private static void envelope(H2Case what, H2Answer answer) {
        if (what.word != null) {
            assertEquals(what.word, answer.field("x-slipstream-error"), answer::toString);
        }
        if (answer.status() >= 400 && answer.field("x-slipstream-error-source").isEmpty()) {
            assertFalse(answer.field("x-slipstream-error").isEmpty(), () -> "no word: " + answer);
            assertEquals("application/json", answer.field("content-type"));
            assertEquals("no-store", answer.field("cache-control"));
            assertFalse(answer.field("x-request-id").isEmpty(), answer::toString);
            assertTrue(answer.body().matches("\\{.*\"error\":\\{.*}.*}"), answer::body);
        }
    }

    /** The harmless request behind it on the same connection. */
    static void onNext(H2Case what, H2Client client, H2Answer answer, String marker) {
        if (what.close == Case.Close.KEEPS) {
            assertFalse(client.isEnded(), () -> "the connection ended: " + client.told());
            assertEquals(200, answer.status(), () -> "on the same connection: " + client.told());
            assertEquals("{\"marker\":\"" + marker + "\"}", answer.body(), "on the same connection");
        }
    }

    static void onUpstream(H2Case what, H2Client client, String again, List<Message> recorded, List<String> faults)
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
                // Where a refusal is allowed too, the provider saw what was served.
                boolean served = client.answer(what.about).status() == 200;
                assertEquals(served ? 1 : 0, seen.size(), () -> "the provider saw " + seen);
                assertEquals(seen.size(), complete, () -> "complete of " + seen);
                if (served && client.answer(what.about).body().startsWith("{\"marker\"")) {
                    assertEquals(
                            "{\"marker\":\"" + client.marker() + "\"}",
                            client.answer(what.about).body());
                }
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
